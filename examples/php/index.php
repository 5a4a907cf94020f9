<?php
/** A shop in plain PHP, on two processes of PHP-FPM. Its slow work is done by worker.php. */

require __DIR__ . '/database.php';
require __DIR__ . '/reports.php';

ini_set('session.cookie_httponly', '1');
ini_set('session.cookie_samesite', 'Lax');

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
switch ("{$_SERVER['REQUEST_METHOD']} " . preg_replace('/\d+$/', 'ID', $path)) {
    case 'GET /ready':
        answer(200, 'ready');
        break;
    case 'POST /login': // without a password, as this is an example
        session_start();
        session_regenerate_id();
        $_SESSION['user'] = $_POST['user'];
        answer(200, 'logged in');
        break;
    case 'POST /reports':
        create(database(), user(), $_POST['month']);
        break;
    case 'GET /reports/ID':
        status(database(), user(), (int) basename($path));
        break;
    default:
        answer(404, 'not found');
}

/** Who is logged in: at a poll as well, which has the client's cookies. */
function user(): string
{
    session_start(['read_and_close' => true]); // requests of one session do not wait for each other
    if (!isset($_SESSION['user'])) {
        answer(401, 'log in first');
        exit;
    }
    return $_SESSION['user'];
}

/** With a length: nginx can tell then that an answer broke off. */
function answer(int $status, mixed $document): void
{
    $body = json_encode($document) . "\n";
    http_response_code($status);
    header('Content-Type: application/json');
    header('Content-Length: ' . strlen($body));
    echo $body;
}
