"""One JSON object per line in, one per line out. Shared by the Python adapters; changes no data."""

import json
import sys


class Refused(Exception):
    """The implementation refuses the input."""


class Unsupported(Exception):
    """The interface of the implementation cannot express the question."""


def data(text):
    return bytes.fromhex(text)


def verdict(accepted):
    """For checks that say yes or no."""
    if not accepted:
        raise Refused()


def reply(handlers, question):
    answer = {"id": question["id"]}
    handler = handlers.get(question["operation"])
    try:
        if handler is None:
            raise Unsupported()
        output = handler(dict(question["input"], option=question.get("option")))
        answer["result"] = "valid"
        if output is not None:
            answer["output"] = output.hex() if isinstance(output, (bytes, bytearray)) else str(output)
    except Refused as refusal:
        answer["result"] = "invalid"
        if str(refusal):
            answer["reason"] = str(refusal)
    except Unsupported:
        answer["result"] = "unsupported"
    except Exception as error:  # an exception is no verdict, and is reported as what it is
        answer["result"] = "error"
        answer["reason"] = f"{type(error).__name__}: {error}"[:200]
    return answer


def serve(about, handlers):
    handlers = dict(handlers, about=lambda _: about)
    for line in sys.stdin:
        print(json.dumps(reply(handlers, json.loads(line)), ensure_ascii=False), flush=True)
