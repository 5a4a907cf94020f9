<?php
/** Does the slow work, one report after the other: nothing here knows of HTTP. */

require __DIR__ . '/database.php';

$database = database();
$next = $database->prepare(
    "UPDATE reports SET state = 'running' WHERE id = (SELECT id FROM reports WHERE state = 'waiting' LIMIT 1)
     RETURNING id, month"
);
$end = $database->prepare('UPDATE reports SET state = ?, result = ? WHERE id = ?');
while (true) {
    $next->execute();
    $report = $next->fetch();
    $next->closeCursor();
    if ($report === false) {
        usleep(100_000);
        continue;
    }
    try {
        $end->execute(['done', json_encode(report($report['month'])), $report['id']]);
    } catch (RuntimeException) {
        $end->execute(['failed', null, $report['id']]);
    }
}

function report(string $month): array
{
    sleep(2);
    if ($month === 'never') {
        throw new RuntimeException('no word of this is for a client');
    }
    return ['month' => $month, 'total' => 1234.5];
}
