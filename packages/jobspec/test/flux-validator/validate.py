"""Says what Flux's own Python validator says of jobspecs, without a Flux.

    python validate.py < jobspecs.json

Reads a JSON array of jobspecs, writes an array of reasons, null for a valid one. It runs `flux.job.Jobspec`, which is what
the default plugin of `flux job-validator` calls. Of flux-python only files are read: its compiled bindings want
libflux-core, which checking a jobspec does not call, so they are names here that refuse to be used.
"""

import json
import re
import sys
import sysconfig
import types


class Refusing(types.ModuleType):
    """A module of which every name can be imported, and none used."""

    NULL = object()
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Refusing(f"{self.__name__}.{name}")

    def __call__(self, *args, **kwargs):
        raise RuntimeError(f"{self.__name__} needs libflux-core")


def bare_package(name, folder):
    """A package whose __init__ does not run, since that of flux loads the bindings."""
    package = types.ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package
    return package


IDS = r"(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*))?"


def decode_idset(text):
    """RFC 22: ids and ranges in rising order, perhaps in brackets."""
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    last = -1
    for piece in inner.split(",") if inner else ():
        bounds = [int(bound) for bound in piece.split("-")] if re.fullmatch(IDS, piece) else [-1]
        if bounds[0] <= last or bounds[-1] < bounds[0]:
            raise ValueError(f"IDset(): Invalid argument: {text}")
        last = bounds[-1]


def decode_hostlist(text):
    """RFC 29: names with sets of ids in brackets, separated by commas."""
    sets = r"\[\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*\]"
    name = rf"(?:[^\[\],\s]|{sets})+"
    if not re.fullmatch(rf"(?:{name}(?:[,\s]+{name})*)?", text):
        raise ValueError(f"Hostlist(): Invalid argument: {text}")


def no_instance():
    raise FileNotFoundError("There is no Flux instance")


def load(site):
    flux = bare_package("flux", f"{site}/flux")
    flux.job = bare_package("flux.job", f"{site}/flux/job")
    for name in ("_flux", "_flux._core", "flux.core", "flux.core.inner", "flux.cli.plugin", "flux.cli"):
        sys.modules[name] = Refusing(name)
    flux.Flux = no_instance
    flux.hostlist = types.SimpleNamespace(decode=decode_hostlist)
    flux.idset = types.SimpleNamespace(decode=decode_idset)
    import flux.job.Jobspec

    return flux.job.Jobspec.validate_jobspec


def reason(validate, jobspec):
    try:
        result, what = validate(json.dumps(jobspec), 1)
        if result is not True:
            return str(what)
    except (ValueError, TypeError, LookupError, AttributeError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return None


validate = load(sysconfig.get_paths()["platlib"])
json.dump([reason(validate, jobspec) for jobspec in json.load(sys.stdin)], sys.stdout, indent=1)
