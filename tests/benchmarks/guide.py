"""What the developer guide's script does, for several models: one after another, delete and watch.

Without its question, because nobody is there to answer. ``guide.py <project ARN> <model ARN> ...``
"""

from __future__ import annotations

import sys
import time

import boto3

client = boto3.client("rekognition")
project_arn, *model_arns = sys.argv[1:]
for model_arn in model_arns:
    name = model_arn.split("/")[3]
    client.delete_project_version(ProjectVersionArn=model_arn)
    while client.describe_project_versions(ProjectArn=project_arn, VersionNames=[name])[
        "ProjectVersionDescriptions"
    ]:
        time.sleep(5)
