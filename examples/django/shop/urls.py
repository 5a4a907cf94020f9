from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.urls import path
from reports import api, views

urlpatterns = [
    path("ready", lambda request: HttpResponse("ready\n"), name="ready"),
    path("login/", LoginView.as_view(), name="login"),
    path("reports/", views.create),
    path("reports/<uuid:id>/", views.status, name="report"),
    path("api/reports/", api.create),
    path("api/reports/<uuid:id>/", api.status, name="api-report"),
]
