"""The only caller of Helm.

executable(report) -> Executable: the Helm to use, which is downloaded once if it is missing
template(helm, chart, …) -> the bytes that `helm template` prints
"""

from gitops_gen.helm.executable import Executable, executable, installed
from gitops_gen.helm.limited import OutputTooLarge
from gitops_gen.helm.pinned import HELM_VERSION, VARIABLE
from gitops_gen.helm.template import HelmRefused, template

__all__ = [
    "HELM_VERSION",
    "VARIABLE",
    "Executable",
    "HelmRefused",
    "OutputTooLarge",
    "executable",
    "installed",
    "template",
]
