"""boto3: its services are data files beside `__file__`, found with `os.listdir` and opened with `open`."""

import boto3
from botocore.config import Config

from .server import serving

LISTING = b"""<?xml version="1.0"?><ListBucketResult><Name>b</Name><KeyCount>1</KeyCount>
<IsTruncated>false</IsTruncated><Contents><Key>k</Key><Size>3</Size></Contents></ListBucketResult>"""


def main():
    session = boto3.Session("id", "secret", region_name="eu-central-1")
    services = session.get_available_services()
    assert len(services) > 300 and "s3" in services and "s3" in session.get_available_resources()
    seen = []
    answers = {"/b": (200, {"Content-Type": "application/xml"}, LISTING), "/b/k": (200, {}, b"abc")}
    with serving(answers, seen) as url:
        config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})
        client = session.client("s3", endpoint_url=url, config=config)
        pages = client.get_paginator("list_objects_v2").paginate(Bucket="b")
        assert [item["Key"] for page in pages for item in page["Contents"]] == ["k"]
        assert client.get_object(Bucket="b", Key="k")["Body"].read() == b"abc"
        bucket = session.resource("s3", endpoint_url=url, config=config).Bucket("b")
        assert [item.key for item in bucket.objects.all()] == ["k"]
        assert "object_exists" in client.waiter_names
    assert seen[0][2]["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=id/")
    assert "X-Amz-Signature" in client.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
    table = session.client("dynamodb").meta.service_model.operation_model("PutItem")
    assert "TableName" in table.input_shape.required_members
