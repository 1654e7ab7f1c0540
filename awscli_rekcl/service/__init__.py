"""Amazon Rekognition: requests, their errors, and how to describe many models in few."""
