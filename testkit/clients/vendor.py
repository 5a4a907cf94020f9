"""
Calls an asynchronous API as its vendor's own client does: vendor.py WHICH METHOD URL [NAME:VALUE]...

WHICH is azure, arm or google; further arguments are header lines. Prints what the client has in the end, as JSON:
{"first": STATUS, "result": ...} or {"first": STATUS, "error": TEXT}, with the status of the first answer.
"""

import json
import sys
from urllib.parse import urlsplit


def azure(method, url, headers, polling):
    """The pipeline and the poller that clients generated for Azure have."""
    from azure.core import PipelineClient
    from azure.core.pipeline.policies import ContentDecodePolicy, HeadersPolicy, RequestIdPolicy
    from azure.core.polling import LROPoller
    from azure.core.rest import HttpRequest

    # polls carry the headers as well, as they do credentials
    client = PipelineClient(
        url, policies=[HeadersPolicy(headers), RequestIdPolicy(), ContentDecodePolicy()])
    request = HttpRequest(method, url, json={})
    first = client.send_request(request, _return_pipeline_response=True)
    status = first.http_response.status_code
    try:
        poller = LROPoller(client, first, lambda response: response.http_response.json(), polling)
        return {"first": status, "result": poller.result(timeout=20)}
    except Exception as error:
        return {"first": status, "error": str(error)}


def azure_data_plane(method, url, headers):
    from azure.core.polling.base_polling import LROBasePolling

    return azure(method, url, headers, LROBasePolling(timeout=0.2))


def azure_resource_manager(method, url, headers):
    from azure.mgmt.core.polling.arm_polling import ARMPolling

    return azure(method, url, headers, ARMPolling(timeout=0.2))


def google(method, url, headers):
    """The future that clients generated for Google have, over REST."""
    import requests
    from google.api_core import operation, operations_v1
    from google.auth.credentials import AnonymousCredentials
    from google.longrunning import operations_pb2
    from google.protobuf import duration_pb2, json_format

    first = requests.request(method, url, headers=headers, json={})
    started = json_format.Parse(first.text, operations_pb2.Operation())
    rule = [{"method": "get", "uri": "/v1/{name=projects/*/locations/*/operations/*}"}]
    transport = operations_v1.OperationsRestTransport(
        host=f"http://{urlsplit(url).netloc}", credentials=AnonymousCredentials(),
        http_options={"google.longrunning.Operations.GetOperation": rule})
    client = operations_v1.AbstractOperationsClient(transport=transport)
    future = operation.from_gapic(
        started, client, duration_pb2.Duration, metadata_type=duration_pb2.Duration)
    try:
        return {"first": first.status_code, "result": future.result(timeout=20).ToJsonString()}
    except Exception as error:
        return {"first": first.status_code, "error": str(error)}


which, method, url = sys.argv[1:4]
headers = dict(each.split(":", 1) for each in sys.argv[4:])
call = {"azure": azure_data_plane, "arm": azure_resource_manager, "google": google}[which]
print(json.dumps(call(method, url, headers)))
