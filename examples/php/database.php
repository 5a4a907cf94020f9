<?php
/** The table of reports, which is the queue as well. STATE is a folder for it. */
function database(): PDO
{
    $database = new PDO('sqlite:' . getenv('STATE') . '/shop.sqlite3', options: [PDO::ATTR_TIMEOUT => 10]);
    $database->exec(
        "CREATE TABLE IF NOT EXISTS reports
         (id INTEGER PRIMARY KEY, owner TEXT, month TEXT, state TEXT DEFAULT 'waiting', result TEXT)"
    );
    return $database;
}
