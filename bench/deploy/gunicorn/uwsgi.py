"""What counted.py uses of uWSGI, without counts: this app runs on gunicorn."""


def metric_inc(_):
    pass
