"""The same with Django REST framework, for scripts that have a session."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import Report
from .tasks import make_report


@api_view(["POST"])
@transaction.atomic
def create(request):
    report = Report.objects.create(owner=request.user, month=request.data["month"])
    transaction.on_commit(lambda: make_report.apply_async([report.month], task_id=str(report.id)))
    url = reverse("api-report", args=[report.id])
    return Response({"state": "PENDING"}, status=202, headers={"Location": url, "Retry-After": "1"})


@api_view(["GET"])
def status(request, id):
    report = get_object_or_404(Report, id=id, owner=request.user)
    task = make_report.AsyncResult(str(report.id))
    if not task.ready():
        return Response({"state": task.state}, status=202)
    return Response(task.result) if task.successful() else Response({"error": "no report"}, status=500)
