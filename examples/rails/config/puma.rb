bind "unix://#{ENV.fetch("STATE")}/app.sock?umask=0000"
threads 2, 2
