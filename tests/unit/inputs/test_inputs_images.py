"""Names of images: the schema's pattern and what is told of a name are one grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.components import catalogue
from gitops_gen.inputs.image_names import repository_problem
from gitops_gen.inputs.images import image_at, places
from gitops_gen.inputs.quick_check import is_certainly_valid
from gitops_gen.inputs.schema import frame

SCHEMA = frame()["definitions"]["image"]["properties"]["repository"]
RIGHT = [
    "nginx",
    "acme/web",
    "ghcr.io/acme/web",
    "localhost:5000/web",
    "registry.example.com:5000/a/b.c/d_e/f__g/h---i",
    "111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/acme/web",
]


@pytest.mark.parametrize("name", RIGHT)
def test_right_names(name: str) -> None:
    assert is_certainly_valid(name, SCHEMA)


@given(st.text("a0._-/:@A", max_size=12) | st.text("ab.:/", max_size=8))
def test_whatever_is_refused_is_explained_and_nothing_else(name: str) -> None:
    assert (repository_problem(name) is None) == is_certainly_valid(name, SCHEMA)


def test_images_are_found_by_the_schema() -> None:
    assert set(places(catalogue())) >= {
        ("tiers", "*", "image"),
        ("postgres", "image"),
        ("postgres", "metrics", "image"),
    }


def test_the_image_that_a_path_belongs_to() -> None:
    image_places = places(catalogue())
    image = ("tiers", "web", "image")
    assert image_at((*image, "tag"), image_places) == image_at(image, image_places) == image
    assert image_at(("tiers", "web"), image_places) is None
    assert image_at(("tiers", "web", "port"), image_places) is None
