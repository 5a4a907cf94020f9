<?php
// wsgi.py in PHP: a front controller, as in PHP frameworks.

const SEEN = [
    'REQUEST_METHOD',
    'REQUEST_URI',
    'QUERY_STRING',
    'REMOTE_ADDR',
    'CONTENT_TYPE',
    'CONTENT_LENGTH',
    'HTTP_HOST',
    'HTTP_COOKIE',
    'HTTP_X_REAL_IP',
];

$now = (int) (microtime(true) * 1000);
$path = rawurldecode(explode('?', $_SERVER['REQUEST_URI'])[0]);

if (preg_match('~^/(\w+)/job$~', $path, $job)) {
    $done = $now + (int) $_REQUEST['length'];
    http_response_code(418);
    header("X-OffloadToPoller-Url: /poll/$job[1]");
    header("X-OffloadToPoller-Args: $done-" . rawurlencode($_REQUEST['name']));
    exit("queued\n");
}
if (preg_match('~^(/poll/\w+)/(\d+)-([^/]+)~', $path, $poll)) {
    if ($now < (int) $poll[2]) {
        http_response_code(400);
        exit("not yet\n");
    }
    if ($poll[3] === 'elsewhere') {
        header("Location: $poll[1]/found", true, 303);
        exit;
    }
    if (str_starts_with($poll[3], 'large')) {
        exit(str_repeat('0123456789abcdef', 3 * 65536));
    }
}

$seen = ['PATH_INFO' => $path, 'wsgi.url_scheme' => isset($_SERVER['HTTPS']) ? 'https' : 'http'];
foreach (SEEN as $name) {
    $seen[$name] = $_SERVER[$name] ?? '';
}
header('Content-Type: application/json');
echo json_encode($seen);
