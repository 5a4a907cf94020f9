import uuid

from django.conf import settings
from django.db import models


class Report(models.Model):
    """Whose it is; its id is that of the task."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    month = models.CharField(max_length=20)
