"""The container files say what the settings need, hold no secret, and let nothing else in."""

import re

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
PIN = re.compile(r"[\w./-]+:\d[\w.-]*$")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dockerfile():
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def required_variables() -> set[str]:
    """Those settings.py cannot do without when DEBUG is off."""
    text = (ROOT / "malstyring" / "settings.py").read_text(encoding="utf-8")
    return {*re.findall(r'env\.text\("(\w+)", why=', text), "ALLOWED_HOSTS", "DATABASE_URL"}


def test_there_are_a_database_a_migration_the_web_and_a_worker(compose):
    assert set(compose["services"]) == {"database", "migrate", "web", "worker"}


@pytest.mark.parametrize("service", ["database", "web", "worker"])
def test_what_keeps_running_is_watched_and_started_again(compose, service):
    it = compose["services"][service]
    assert {"test", "interval", "timeout", "retries"} <= set(it["healthcheck"])
    assert it["restart"] == "unless-stopped"


def test_the_web_is_asked_for_its_health_address(compose):
    assert "http://127.0.0.1:8000/healthz" in " ".join(compose["services"]["web"]["healthcheck"]["test"])
    assert compose["services"]["web"]["environment"]["ALLOWED_HOSTS"].endswith(",127.0.0.1")


def test_web_and_worker_wait_for_the_migration_and_that_for_the_database(compose):
    services = compose["services"]
    for service in ("web", "worker"):
        assert services[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert services["migrate"]["restart"] == "no"
    assert "migrate" in services["migrate"]["command"]


@pytest.mark.parametrize("service", ["migrate", "web", "worker"])
def test_every_required_variable_is_set(compose, service):
    it = compose["services"][service]
    assert required_variables() <= set(it["environment"])
    assert it["environment"]["DEBUG"] == "0"
    assert it["env_file"] == ".env"


def test_no_secret_has_a_default(compose):
    """Every secret is asked for with `:?`, so that nothing starts with one that others know."""
    secrets = [
        value
        for service in compose["services"].values()
        for name, value in service["environment"].items()
        if re.search(r"SECRET|PASSWORD|DATABASE_URL", name)
    ]
    assert len(secrets) == 7
    for value in secrets:
        assert re.search(r"\$\{(SECRET_KEY|POSTGRES_PASSWORD):\?", value), value
        assert not re.search(r"\$\{\w*(KEY|PASSWORD)\w*(:-|-|\})", value), value


def test_only_the_reverse_proxy_beside_it_reaches_the_web(compose):
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])
    assert "ports" not in compose["services"]["database"]


def test_the_worker_works_and_is_asked_whether_it_lives(compose):
    worker = compose["services"]["worker"]
    assert worker["command"] == ["python", "manage.py", "work"]
    assert worker["healthcheck"]["test"] == ["CMD", "python", "manage.py", "work", "--check"]
    assert "ports" not in worker


def test_the_database_is_kept_on_a_volume(compose):
    (mount,) = compose["services"]["database"]["volumes"]
    name, _, path = mount.partition(":")
    assert name in compose["volumes"]
    assert path == "/var/lib/postgresql/data"


def test_images_are_pinned(compose, dockerfile):
    images = {service["image"] for service in compose["services"].values()}
    images |= set(re.findall(r"^FROM (\S+)", dockerfile, re.M))
    assert "postgres:15-bookworm" in images
    assert "python:3.11-slim-bookworm" in images
    assert all(PIN.match(image) for image in images), images


def test_the_image_is_built_from_the_pinned_packages(dockerfile):
    assert "pip install" in dockerfile
    assert "-r requirements.txt" in dockerfile
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    assert all("==" in line for line in pinned)


def test_the_image_has_the_packages_the_script_installs(dockerfile):
    script = (ROOT / "dev").read_text(encoding="utf-8")
    packages = re.search(r'^RUN_PACKAGES="([^"]+)"', script, re.M)[1].split()
    assert packages
    assert all(package in dockerfile for package in packages)


def test_the_image_runs_as_nobody_special_with_its_static_files(dockerfile):
    user = dockerfile.index("USER malstyring")
    assert dockerfile.index("collectstatic") < user < dockerfile.index("CMD")
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD)", dockerfile, re.M)


def test_the_image_holds_what_runs_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert "*" in lines
    let_in = {line[1:] for line in lines if line.startswith("!")}
    apps = {name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()}
    assert let_in >= {*apps, "templates", "static", "manage.py", "requirements.txt"}
    assert let_in.isdisjoint({".env", ".git", ".venv", "var", "tests"})
