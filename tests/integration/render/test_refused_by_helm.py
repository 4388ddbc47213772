"""Errors of Helm are reported with the component, the line of the values, and exit code 2.

Each file in chart_templates/invalid is a template of a user-defined chart. Its first lines are
the required parts of the message; the remaining text comes from Helm.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cases import cases
from tests.repository import ROOT, Repository, example

CASES = cases(Path(__file__).with_name("chart_templates"), "invalid")
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n"
METADATA = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
ADDON = """
addons:
  shop:
    path: charts/shop
    namespace: shop
    values:
      port: eighty
      database:
        name: shop
"""


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """The example with a valid user-defined chart."""
    with repository.path("values/prod.yaml").open("a") as file:
        file.write(ADDON)
    repository.write("charts/shop/Chart.yaml", METADATA)
    repository.write("charts/shop/templates/x.yaml", OBJECT)
    return repository


def place(repository: Repository, line: str, environment: str = "prod") -> str:
    """Returns the position of the first letter of a line, for example `values/prod.yaml:9:3`."""
    lines = repository.read(f"values/{environment}.yaml").splitlines()
    number = lines.index(line)
    return f"values/{environment}.yaml:{number + 1}:{len(line) - len(line.lstrip()) + 1}"


def refused(repository: Repository, *names: str) -> str:
    """Returns the message of a render that fails and writes nothing."""
    before = repository.files()
    done = repository.run("render", *names)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    written = {path for path in repository.files() if not path.startswith(".gitops-gen/")}
    assert written == before.keys()
    return done.stderr


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """A repository with one environment for each file of chart_templates/invalid."""
    repository = example(tmp_path_factory.mktemp("refused"), helm)
    prod = repository.read("values/prod.yaml")
    for case in CASES:
        addon = ADDON.replace("charts/shop", f"charts/{case.stem}")
        repository.write(f"values/{case.stem}.yaml", prod + addon)
        repository.copy_cluster("prod", case.stem)
        repository.write(f"charts/{case.stem}/Chart.yaml", METADATA)
        repository.path(f"charts/{case.stem}/templates").mkdir()
        shutil.copy(case, repository.path(f"charts/{case.stem}/templates/x.yaml"))
    return repository


@pytest.fixture(scope="module")
def messages(all_of_them: Repository) -> list[str]:
    """One render reports the errors of all environments."""
    return refused(all_of_them).splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_template_that_is_refused(
    all_of_them: Repository, messages: list[str], case: Path
) -> None:
    [message] = [line for line in messages if line.startswith(f"values/{case.stem}.yaml:")]
    text = case.read_bytes().decode(errors="replace")
    [at, *words] = re.findall(r"^# (.+)$", text, re.MULTILINE)
    line = place(all_of_them, at.replace("·", " "), case.stem)
    assert message.startswith(f"{line}: addons.shop")
    for word in words:
        assert word in message
    assert len(message) < 1300


def test_only_environments_with_errors_are_reported(messages: list[str]) -> None:
    assert len(messages) == len(CASES)


def test_values_that_the_chart_s_own_schema_refuses(shop: Repository) -> None:
    schema = """{"type": "object", "required": ["region"], "properties": {
        "port": {"type": "integer"},
        "database": {"type": "object", "additionalProperties": false}}}"""
    shop.write("charts/shop/values.schema.json", schema)
    lines = refused(shop, "prod").splitlines()
    value = place(shop, "      port: eighty").replace(":7", ":13")
    port = "addons.shop.values.port: Helm refuses the value: got string, want integer"
    assert f"{value}: {port} [helm]" in lines
    missing = "addons.shop.values: Helm refuses the value: missing property 'region'"
    additional = "addons.shop.values.database: Helm refuses the value: additional"
    assert any(missing in line for line in lines)
    assert any(additional in line for line in lines)


def test_no_secret_among_the_defaults_of_charts_is_shown(shop: Repository) -> None:
    """Defaults of a chart are not values of the user, whether or not values replace them."""
    redis = "charts/shop/charts/redis"
    shop.write("charts/shop/values.yaml", "adminPassword: hunter9yy!Z\nauth: {salt: shop}\n")
    shop.write(f"{redis}/Chart.yaml", METADATA.replace("shop", "redis"))
    shop.write(f"{redis}/values.yaml", "secrets: {db: correcthorsebattery}\n")
    both = ".Values.adminPassword .Values.redis.secrets.db .Values.database.name"
    fail = f'{{{{ fail (printf "bad %v, %v, %v" {both}) }}}}\n'
    shop.write("charts/shop/templates/y.yaml", fail)
    hidden = "(not shown: it may be a secret)"
    assert f"(shop/templates/y.yaml:1:3): bad {hidden}, {hidden}, shop" in refused(shop, "prod")


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ("nonsense", "cannot load Chart.yaml"),
        ("apiVersion: v2\nname: ../shop\nversion: 1.0.0\n", "is invalid"),
        ("apiVersion: v2\nname: shop\nversion: 1.0.0\ntype: library\n", "library charts"),
        (
            'apiVersion: v2\nname: shop\nversion: 1.0.0\nkubeVersion: ">=1.99"\n',
            "incompatible with Kubernetes v1.35",
        ),
        (
            "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
            "dependencies: [{name: redis, version: 1.x, repository: 'https://a.example'}]\n",
            "missing in charts/ directory: redis",
        ),
    ],
)
def test_a_folder_that_is_not_a_chart(shop: Repository, metadata: str, words: str) -> None:
    shop.write("charts/shop/Chart.yaml", metadata)
    message = refused(shop, "prod")
    assert message.startswith(
        f"{place(shop, '  shop:')}: addons.shop: Helm cannot render the chart: "
    )
    assert words in message


def test_an_error_of_a_built_in_chart_names_the_tier(
    repository: Repository, tmp_path: Path
) -> None:
    """Only the author of a new component sees such a message."""
    package = tmp_path / "package"
    # Other tests compile modules at the same time, so these folders change.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gitops_gen", package / "gitops_gen", ignore=ignored)
    chart = package / "gitops_gen/components/tier/chart/templates/broken.yaml"
    chart.write_text('{{ if eq .Values.computed.name "backend" }}{{ fail "oh" }}{{ end }}')
    broken = Repository(repository.root, repository.helm, package)
    lines = refused(broken, "--jobs", "1").splitlines()
    assert [line.partition(": ")[2] for line in lines] == [
        "tiers.backend: Helm cannot render the chart: execution error at "
        "(platform/charts/backend/templates/broken.yaml:1:46): oh [helm]"
    ] * 2
    assert [line.partition(":")[0] for line in lines] == ["values/dev.yaml", "values/prod.yaml"]


SECRETS = """
addons:
  shop:
    path: charts/shop
    namespace: shop
    values:
      adminPassword: hunter2-zz  # allow: plaintext-secret It is made up.
      existingSecret: swordfish-77
      notes: |  # allow: plaintext-secret It is made up.
        a first line
        password = "correct horse 88"
"""


QUOTING = {
    "values": '{{ fail (printf "cannot use %v" .Values) }}',
    "values-as-json": "{{ fail (toJson .Values) }}",
    "values-as-yaml": "{{ fail (toYaml .Values) }}",
    "one-value": '{{ fail (printf "%q is weak" .Values.adminPassword) }}',
    "after-a-long-text": '{{ fail (printf "%s%s" (repeat 1500 "x") .Values.adminPassword) }}',
    "key-twice": "{{ .Values.existingSecret | quote }}: 1\n{{ .Values.existingSecret | quote }}: 2",
    "kind": "kind: {{ .Values.adminPassword }}!\napiVersion: v1\nmetadata: {name: a}",
}


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory, helm: str) -> list[str]:
    """The messages of a render with one environment for each of these templates."""
    repository = example(tmp_path_factory.mktemp("quoted"), helm)
    prod = repository.read("values/prod.yaml")
    for name, template in QUOTING.items():
        secrets = SECRETS.replace("charts/shop", f"charts/{name}")
        repository.write(f"values/{name}.yaml", prod + secrets)
        repository.copy_cluster("prod", name)
        repository.write(f"charts/{name}/Chart.yaml", METADATA)
        repository.write(f"charts/{name}/templates/x.yaml", template)
    lines = refused(repository, *QUOTING).splitlines()
    assert len(lines) == len(QUOTING)
    return lines


@pytest.mark.parametrize("name", QUOTING)
def test_a_secret_that_a_template_quotes_is_not_shown(quoted: list[str], name: str) -> None:
    [message] = [line for line in quoted if line.startswith(f"values/{name}.yaml:")]
    for secret in ("hunter2", "swordfish", "correct horse"):
        assert secret not in message


def test_a_secret_that_a_chart_s_schema_refuses_is_not_shown(repository: Repository) -> None:
    with repository.path("values/prod.yaml").open("a") as file:
        file.write(SECRETS)
    repository.write("charts/shop/Chart.yaml", METADATA)
    repository.write("charts/shop/templates/x.yaml", OBJECT)
    patterns = {name: {"pattern": "^a$"} for name in ("adminPassword", "existingSecret")}
    schema = json.dumps({"properties": patterns})
    repository.write("charts/shop/values.schema.json", schema)
    message = refused(repository, "prod")
    hidden = "the value (not shown: it may be a secret) does not match pattern"
    assert f"addons.shop.values.adminPassword: Helm refuses the value: {hidden}" in message
    assert "hunter2" not in message
    assert "swordfish" not in message
