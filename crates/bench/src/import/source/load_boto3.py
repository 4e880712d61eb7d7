"""boto3 and the modules that an S3 client imports."""

import boto3  # noqa: F401
import boto3.s3.inject  # noqa: F401
import boto3.session  # noqa: F401
import botocore.client  # noqa: F401
import botocore.endpoint  # noqa: F401
import botocore.httpsession  # noqa: F401
import botocore.session  # noqa: F401
import s3transfer.manager  # noqa: F401
