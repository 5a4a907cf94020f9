<?php

function create(PDO $database, string $user, string $month): void
{
    $database->prepare('INSERT INTO reports (owner, month) VALUES (?, ?)')->execute([$user, $month]);
    header('Location: /reports/' . $database->lastInsertId(), true, 202); // without the 202, PHP makes it a 302
}

function status(PDO $database, string $user, int $id): void
{
    $found = $database->prepare('SELECT state, result FROM reports WHERE id = ? AND owner = ?');
    $found->execute([$id, $user]);
    [$state, $result] = $found->fetch() ?: ['unknown', null];
    match ($state) {
        'done' => answer(200, json_decode($result)),
        'failed' => answer(500, ['error' => 'no report']),
        'unknown' => answer(404, ['error' => 'no such report']),
        default => answer(202, ['state' => $state]),
    };
}
