"""Round requests as the JSON text that jobs and groups keep."""

import dataclasses
import json

from studio.domain import GenerationRequest, RoundRequest


def request_to_text(request: RoundRequest) -> str:
    """The request as one line of JSON."""
    return json.dumps(dataclasses.asdict(request), ensure_ascii=False)


def request_from_text(text: str) -> RoundRequest:
    """The request that `request_to_text` wrote; fields added since take their defaults."""
    fields = json.loads(text)
    generation = fields["generation"]
    generation["free"] = tuple(generation.get("free", ()))
    fields["generation"] = GenerationRequest(**generation)
    fields["start_images"] = tuple(fields.get("start_images", ()))
    return RoundRequest(**fields)
