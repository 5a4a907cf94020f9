"""For the site's own pages: a form with Django's CSRF token, and its login."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from .models import Report
from .tasks import make_report


@login_required
@require_POST
@transaction.atomic
def create(request):
    report = Report.objects.create(owner=request.user, month=request.POST["month"])
    transaction.on_commit(lambda: make_report.apply_async([report.month], task_id=str(report.id)))
    return HttpResponse(status=202, headers={"Location": reverse("report", args=[report.id])})


@login_required
def status(request, id):
    report = get_object_or_404(Report, id=id, owner=request.user)
    task = make_report.AsyncResult(str(report.id))
    if not task.ready():
        return HttpResponse("not yet\n", status=202)
    return JsonResponse(task.result) if task.successful() else JsonResponse({"error": "no report"}, status=500)
