"""What `./dev package` makes: installed elsewhere it runs, and nothing that it needs is missing."""

import re
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

from tests.support.program import PROJECT

TIMEOUT_S = 120
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def setUpModule():
    """Packages once, for all tests."""
    global tarball, package, folder
    scratch = tempfile.TemporaryDirectory(prefix="mysql-cdc-package-")
    unittest.addModuleCleanup(scratch.cleanup)
    folder = Path(scratch.name)
    done = subprocess.run([PROJECT / "tools" / "package.sh", PROJECT / "build", folder / "out"], capture_output=True, text=True, timeout=TIMEOUT_S)
    assert done.returncode == 0, done.stderr
    tarball, package = map(Path, done.stdout.split())


def output_of(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True, timeout=TIMEOUT_S).stdout


def project_files(part, *suffixes):
    """Names, relative to the part, of its files that git would know."""
    return {str(path.relative_to(PROJECT / part)) for path in (PROJECT / part).rglob("*") if path.suffix in suffixes}


class Tree:
    """Runs once for each of the two: `root` is the prefix that it was unpacked to."""

    def test_the_program_runs_and_tells_its_version(self):
        said = output_of(self.root / "bin" / "mysql-cdc", "version")
        self.assertEqual(said, f"mysql-cdc {self.version}\n")

    def test_examples_documents_and_specification_are_there(self):
        share = self.root / "share"
        for wanted, there in ((project_files("configs", ".yaml"), share / "mysql-cdc" / "configs"), (project_files("sql", ".sql"), share / "mysql-cdc" / "sql"),
                              (project_files("docs", ".md"), share / "doc" / "mysql-cdc" / "docs")):
            self.assertEqual({str(path.relative_to(there)) for path in there.rglob("*") if path.is_file()}, wanted, there)
        for name in ("mysql-cdc/connector.yaml", "doc/mysql-cdc/README.md", "doc/mysql-cdc/LICENSE"):
            self.assertEqual((share / name).read_bytes(), (PROJECT / Path(name).name).read_bytes(), name)

    def test_an_example_is_understood(self):
        share = self.root / "share" / "mysql-cdc" / "configs"
        done = subprocess.run([self.root / "bin" / "mysql-cdc", "dry-run", "--config", share / "minimal.yaml", "--set", "url=mysql://cdc:x@127.0.0.1:1/shop"],
                              capture_output=True, text=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("MYC1100", done.stderr)

    def test_links_between_documents_lead_somewhere(self):
        documents = self.root / "share" / "doc" / "mysql-cdc"
        for page in documents.rglob("*.md"):
            for target in LINK.findall(page.read_text(encoding="utf-8")):
                self.assertTrue((page.parent / target).exists(), f"{page.relative_to(documents)} links to {target}")

    def test_notices_of_what_is_linked_in_are_there(self):
        notices = self.root / "share" / "doc" / "mysql-cdc" / "third-party"
        for library in ("libgrpc-dev", "libprotobuf-dev", "libabsl-dev"):
            self.assertIn("copyright", (notices / library).read_text(errors="replace").lower())

    def test_modes_suit_everybody_and_no_path_of_the_build_is_in_texts(self):
        for path in self.root.rglob("*"):
            mode = path.stat().st_mode & 0o7777
            is_program = path == self.root / "bin" / "mysql-cdc"
            self.assertEqual(oct(mode), oct(0o755 if path.is_dir() or is_program else 0o644), path)
            if path.is_file() and not is_program:
                self.assertNotIn(str(PROJECT) + "/", path.read_text(errors="replace"), path)


class Tarball(Tree, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.version, cls.machine = re.fullmatch(r"mysql-cdc-(.+)-linux-(\w+)\.tar\.gz", tarball.name).groups()
        with tarfile.open(tarball) as archive:
            cls.members = archive.getmembers()
            archive.extractall(folder / "tarball")
        cls.root = folder / "tarball" / f"mysql-cdc-{cls.version}-linux-{cls.machine}"

    def test_everything_is_in_one_folder_and_root_s(self):
        for member in self.members:
            self.assertEqual((member.name.split("/")[0], member.uid, member.gid), (self.root.name, 0, 0), member.name)
            self.assertTrue(member.isfile() or member.isdir(), member.name)


class DebianPackage(Tree, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.version = output_of("dpkg-deb", "--field", package, "Version").strip()
        output_of("dpkg-deb", "--extract", package, folder / "deb")
        output_of("dpkg-deb", "--control", package, folder / "control")
        cls.root = folder / "deb" / "usr"

    def test_name_version_and_machine_agree(self):
        architecture = output_of("dpkg", "--print-architecture").strip()
        self.assertEqual(output_of("dpkg-deb", "--field", package, "Package", "Architecture"), f"Package: mysql-cdc\nArchitecture: {architecture}\n")
        self.assertEqual(package.name, f"mysql-cdc_{self.version}_{architecture}.deb")

    def test_it_depends_on_every_library_that_the_program_names(self):
        depends = {word.split()[0] for word in output_of("dpkg-deb", "--field", package, "Depends").split(",")}
        dynamic = output_of("objdump", "-p", self.root / "bin" / "mysql-cdc")
        libraries = re.findall(r"NEEDED +(\S+)", dynamic)
        self.assertIn("libmariadb.so.3", libraries)
        for library in libraries:
            owners = {line.split(":")[0] for line in output_of("dpkg", "--search", f"*/{library}").splitlines()}
            self.assertTrue(owners & depends, f"{library} of {owners}")

    def test_it_installs_into_an_empty_root_and_leaves_it_empty(self):
        root = folder / "root"
        for name in ("info", "updates", "triggers"):
            (root / "var/lib/dpkg" / name).mkdir(parents=True)
        (root / "var/lib/dpkg/status").touch()
        dpkg = "dpkg", f"--root={root}", "--force-depends", "--force-not-root", "--force-script-chrootless"
        output_of(*dpkg, "--install", package)
        self.assertEqual(output_of(root / "usr/bin/mysql-cdc", "version"), f"mysql-cdc {self.version}\n")
        output_of(*dpkg, "--purge", "mysql-cdc")
        self.assertFalse((root / "usr").exists())

    def test_its_sums_are_those_of_its_files(self):
        done = subprocess.run(["md5sum", "--check", "--quiet", folder / "control" / "md5sums"], cwd=folder / "deb", capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        files = [path for path in (folder / "deb").rglob("*") if path.is_file()]
        self.assertEqual(len((folder / "control" / "md5sums").read_text().splitlines()), len(files))

    def test_the_licence_is_named_where_debian_looks(self):
        self.assertIn("Apache-2.0", (self.root / "share" / "doc" / "mysql-cdc" / "copyright").read_text())


if __name__ == "__main__":
    unittest.main()
