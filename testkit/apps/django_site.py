"""A Django site in one process of uWSGI, with the views of docs/app.md (views.py and views_api.py) as it says, and
others without that.

POST /login/               logs in the user "client"; answers with the token of a form
POST /PLACE/labels/        signals a job of 0.6 s, which is polled at /PLACE/poll/JOB/N
GET  /seen/                the polls so far, as JSON: ["POST /poll/1/0", …]

PLACE: nothing or `api`: as the page says. `checked`, `checked-api`: with the check of a token. `slash`, `any`: with
a slash at the end, for POST or for any method.
"""

import os
import sys
import time
import types

import django
from django.conf import settings

os.makedirs("/tmp/site", exist_ok=True)
settings.configure(
    SECRET_KEY="secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="django_site",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "rest_framework",
    ],
    # those of startproject, behind what notes the polls
    MIDDLEWARE=[
        "django_site.note",
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/site/db"}},
)
django.setup()

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

call_command("migrate", verbosity=0)
client = User.objects.create_user("client")

LENGTH = 0.6
started = {}
seen = []


def start(user, name):
    job = str(len(started) + 1)
    started[job] = (time.time(), f"{name} of {user.username}")
    return job


def result(user, job):
    since, label = started[job]
    return label if time.time() - since >= LENGTH else None


# what the page imports
sys.modules["jobs"] = types.SimpleNamespace(start=start, result=result)
import views
import views_api


def note(get_response):
    def noted(request):
        if "/poll/" in request.path:
            seen.append(f"{request.method} {request.path}")
        return get_response(request)

    return noted


@csrf_exempt
def log_in(request):
    login(request, client)
    return HttpResponse(get_token(request))


def signalling(place):
    def create(request):
        response = views.create(request)
        response["X-OffloadToPoller-Url"] = f"/{place}/poll"
        return response

    return create


def checked(request, job, number):
    # what a view is exempt from is an attribute of its function
    return views.poll(request, job, number)


@csrf_exempt
def any_method(request, job, number):
    label = result(request.user, job)
    return HttpResponse("not yet", status=400) if label is None else HttpResponse(label)


@api_view(["POST"])
@authentication_classes([SessionAuthentication])
@permission_classes([IsAuthenticated])
def checked_api(request, job, number):
    return Response({"label": result(request.user, job)})


PLACES = {
    "api": ("<job>/<int:number>", views_api.poll_api),
    "checked": ("<job>/<int:number>", checked),
    "checked-api": ("<job>/<int:number>", checked_api),
    "slash": ("<job>/<int:number>/", views.poll),
    "any": ("<job>/<int:number>/", any_method),
}
urlpatterns = [
    *views.urlpatterns,
    path("login/", log_in),
    path("seen/", lambda request: JsonResponse(seen, safe=False)),
    *[path(f"{place}/labels/", signalling(place)) for place in PLACES],
    *[path(f"{place}/poll/{rest}", view) for place, (rest, view) in PLACES.items()],
]

application = get_wsgi_application()
