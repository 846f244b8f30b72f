"""The FAQ as a table, out and in again: real files, and every thing that can be wrong with one."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given

from faq.cli import DEFAULT, Shop, faq
from faq.content import Faq, load
from faq.entry import ANY, Answer, Entry, Place
from faq.files.document import DocumentError
from faq.files.writing import put
from faq.sheets import sheet
from faq.sheets.columns import header, key, order
from faq.sheets.exchange import exported, planned
from tests.faq.entries import calmly, entries

SAMPLE = load(DEFAULT)
ROWS = exported(SAMPLE, DEFAULT, "zh")


def placeless(found: tuple[Entry, ...] | list[Entry]) -> list[Entry]:
    return [replace(entry, place=Place("", 0)) for entry in found]


def run(*arguments: str, zh: bool = False, folder: Path | None = None) -> tuple[int, str]:
    group = faq(lambda chinese, english: chinese if zh else english)
    result = CliRunner().invoke(group, list(arguments), obj=Shop(folder))
    return result.exit_code, result.output


@pytest.mark.parametrize("name", ["shop.xlsx", "shop.csv"])
def test_the_sample_goes_out_and_comes_in_as_it_was(tmp_path: Path, name: str) -> None:
    file, folder = tmp_path / name, tmp_path / "faq"
    folder.mkdir()
    code, output = run("export", str(file))
    assert (code, output) == (0, f"60 entries are in {file}.\n")
    code, output = run("import", str(file), "--yes", folder=folder)
    assert code == 0, output
    assert placeless(load(folder).entries) == placeless(SAMPLE.entries)
    names = {path.name for path in DEFAULT.glob("*.yaml")} - {"words.yaml", "synonyms.yaml"}
    assert {path.name for path in folder.iterdir()} == names
    assert "0 new, 0 changed, 60 the same" in run("import", str(file), folder=folder)[1]


@calmly
@given(entries)
def test_what_is_exported_is_imported_as_the_same(found: list[Entry]) -> None:
    rows = exported(Faq(tuple(found)), Path(), "en")
    new = planned(rows, Faq(()), "a.csv")
    assert new.problems == ()
    assert placeless([change.entry for change in new.changes]) == placeless(found)
    again = planned(rows, Faq(tuple(found)), "a.csv")
    assert (again.changes, again.same) == ((), len(found))


@calmly
@given(entries)
def test_what_is_imported_is_read_from_the_files_as_the_same(
    tmp_path_factory: pytest.TempPathFactory, found: list[Entry]
) -> None:
    folder = tmp_path_factory.mktemp("faq")
    plan = planned(exported(Faq(tuple(found)), Path(), "zh"), Faq(()), "a.csv")
    put(folder, [(change.entry, None, change.file) for change in plan.changes])
    assert placeless(load(folder).entries) == placeless(found)


@calmly
@given(entries)
def test_a_csv_file_holds_every_cell(
    tmp_path_factory: pytest.TempPathFactory, found: list[Entry]
) -> None:
    file = tmp_path_factory.mktemp("csv") / "a.csv"
    rows = exported(Faq(tuple(found)), Path(), "zh")
    sheet.write(file, rows)
    assert list(sheet.read(file)) == rows


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_cells_are_never_formulas(tmp_path: Path, name: str) -> None:
    """SECURITY 53."""
    cells = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "'=1",
        "''@x",
        "'",
        "plain",
        "#N/A",
        "1",
        "＝1+1",
    ]
    file = tmp_path / name
    sheet.write(file, [["问题"], *([cell] for cell in cells)])
    assert [row[0] for row in sheet.read(file)] == ["问题", *cells]
    if name == "a.xlsx":
        column = [row[0] for row in openpyxl.load_workbook(file).worksheets[0].iter_rows()]
        assert {cell.data_type for cell in column} == {"s"}
        shown = [str(cell.value) for cell in column]
    else:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            shown = [row[0] for row in csv.reader(opened)]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "＝")) for text in shown)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_comes_in_any_usual_spelling(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    text = "问题,答案\n运费怎么算,满99元包邮\n".replace(",", delimiter)
    file.write_bytes(text.encode(encoding))
    assert list(sheet.read(file)) == [["问题", "答案"], ["运费怎么算", "满99元包邮"]]


def test_what_a_spreadsheet_made_of_numbers_and_days_is_text_again(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    days = [date(2026, 1, 31), datetime(2026, 2, 1, 9)]  # noqa: DTZ001 - a workbook knows no zones
    book.worksheets[0].append(["问题", 12, 1.5, True, None, *days])
    book.save(tmp_path / "a.xlsx")
    assert list(sheet.read(tmp_path / "a.xlsx")) == [
        ["问题", "12", "1.5", "true", "", "2026-01-31", "2026-02-01"]
    ]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("编号", "id"), ("ID", "id"), ("问题", "question"), ("标准问", "question"),
        ("Similar Questions", "similar"), ("相似问法", "similar"), ("回复", "answer"),
        ("英文答案", "answer_en"), ("英文 答案", "answer_en"), ("答案（英文）", "answer_en"),
        ("Answer (English)", "answer_en"), ("answer_en", "answer_en"),
        ("English answer", "answer_en"),
        ("中文答案", "answer_zh"), ("答案@官网", "answer@官网"),
        ("answer EN @ Site", "answer_en@Site"),
        ("link text", "link_text"), ("英文链接文字", "link_text_en"), ("follow-ups", "follow_ups"),
        ("Valid From", "valid_from"), ("标签", "tags"), ("备注", None), ("英文标签", None),
        ("标签@官网", None), ("", None), ("答案（法文）", None),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_usual_names(name: str, column: str | None) -> None:
    assert key(name) == column


def test_every_column_is_found_by_the_name_it_is_given() -> None:
    columns = {part: key(part) for part in ("id", "question", "similar", "answer", "team", "file")}
    columns |= {one: one for one in ("answer_zh", "image_en", "link_text_en@x", "follow_ups@y")}
    for column in columns:
        assert key(header(column, "zh")) == column
        assert key(header(column, "en")) == column
    assert order(["file", "answer_en", "tags", "answer@x", "answer", "id"]) == [
        "id", "answer", "answer_en", "answer@x", "tags", "file"
    ]  # fmt: skip


FEE = Entry("fee", ("运费怎么算", "邮费"), {(ANY, "zh"): Answer("满99元包邮。")}, tags=("物流",))


@pytest.mark.parametrize(
    ("head", "row", "wanted"),
    [
        (["编号", "英文答案"], ["fee", "Free."],
         replace(FEE, answers={**FEE.answers, (ANY, "en"): Answer("Free.")})),
        (["问题", "中文答案"], ["邮费", "八元。"],
         replace(FEE, answers={(ANY, "zh"): Answer("八元。")}, questions=("邮费",))),
        (["id", "similar questions"], ["fee", "邮费|包邮吗；邮资"],
         replace(FEE, questions=("运费怎么算", "邮费", "包邮吗", "邮资"))),
        (["id", "标签"], ["fee", "物流、运费,新 疆"], replace(FEE, tags=("物流", "运费", "新 疆"))),
        (["id", "标签"], ["fee", ""], replace(FEE, tags=())),
        (["id", "生效日期", "优先级"], ["fee", "2026-01-01", "high"],
         replace(FEE, valid_from=date(2026, 1, 1), urgent=True)),
    ],
)  # fmt: skip
def test_columns_that_are_missing_leave_an_entry_as_it_is(
    head: list[str], row: list[str], wanted: Entry
) -> None:
    if head[0] == "问题":
        head, row = [*head, "相似问法"], [*row, ""]
    plan = planned([head, row], Faq((FEE,)), "a.csv")
    assert plan.problems == ()
    [change] = plan.changes
    assert (change.entry, change.before) == (wanted, FEE)


@pytest.mark.parametrize(
    ("rows", "zh", "en"),
    [
        ([["名字"], ["x"]], "没有找到表头", "no header"),
        ([], "没有找到表头", "no header"),
        ([["问题", "答案"], ["x", ""]], "A2（问题）条目缺少 answer",
         "A2 (question) the entry has no"),
        ([["编号", "答案"], ["x", "y"]], "A2（编号）条目缺少 question", "A2 (id) the entry has no"),
        ([["问题", "答案", "链接"], ["x", "y", "z"]], "C2（链接）链接要以 https",
         "C2 (link) a link"),
        ([["问题", "答案", "优先级"], ["x", "y", "急"]], "C2（优先级）priority",
         "C2 (priority) prio"),
        ([["问题", "答案", "失效日期"], ["x", "y", "明天"]], "C2（失效日期）valid.to",
         "C2 (valid to) valid.to"),
        ([["问题", "答案"], ["x", "y"], ["x", "z"]], "A3（问题）“x”在第 2 行",
         'A3 (question) "x" st'),
        ([["问题", "答案", "文件"], ["x", "y", "../z.yaml"]], "C2（文件）文件名“../z.yaml”不行",
         'C2 (file) "../z.yaml" is no file'),
        ([["问题", "答案", "文件"], ["x", "y", "words.yaml"]], "文件名", "is no file for entries"),
        ([["问题", "答案", "回答"], ["x", "y", "z"]], "“答案”和“回答”是同一列",
         '"答案" and "回答" are the same column'),
    ],
)  # fmt: skip
def test_each_problem_names_its_cell_and_what_to_do(
    rows: list[list[str]], zh: str, en: str
) -> None:
    [problem] = planned(rows, Faq(()), "a.csv").problems
    assert zh in problem.zh
    assert en in problem.en


def test_nothing_is_written_without_consent_or_with_problems(tmp_path: Path) -> None:
    folder, file = tmp_path / "faq", tmp_path / "a.csv"
    folder.mkdir()
    file.write_text("问题,答案,备住\n包邮吗,满99元\n几点开门,九点\n", encoding="utf-8")
    code, output = run("import", str(file), folder=folder, zh=True)
    assert code == 0
    assert "没有用到的列：备住" in output
    assert "  + 包邮吗  (第 2 行)\n  + 几点开门  (第 3 行)\n新增 2 条" in output
    assert "加 --yes 就写" in output
    assert list(folder.iterdir()) == []

    file.write_text("问题,答案\n包邮吗,\n几点开门,九点\n", encoding="utf-8")
    code, output = run("import", str(file), "--yes", folder=folder)
    assert code == 1
    assert "A2 (question) the entry has no answer" in output
    assert list(folder.iterdir()) == []


def test_a_changed_row_says_what_changes_and_leaves_the_file_otherwise_alone(
    tmp_path: Path,
) -> None:
    folder, file = tmp_path / "faq", tmp_path / "a.csv"
    folder.mkdir()
    yaml = "# 店\n- id: fee # 勿改\n  questions: [运费怎么算, 邮费]\n  answer: 八元。\n"
    (folder / "a.yaml").write_text(yaml, encoding="utf-8")
    file.write_text("id,answer,tags\nfee,九元。,物流\n", encoding="utf-8")
    code, output = run("import", str(file), "--yes", folder=folder)
    assert code == 0
    assert "  ~ fee  (row 2: answer, tags)" in output
    text = (folder / "a.yaml").read_text(encoding="utf-8")
    assert text == yaml.replace("八", "九") + "  tags:\n    - 物流\n"


def test_many_rows_are_written_with_a_progress_bar(tmp_path: Path) -> None:
    folder, file = tmp_path / "faq", tmp_path / "a.csv"
    folder.mkdir()
    lines = [f"问题{number},答案{number}" for number in range(60)]
    file.write_text("问题,答案\n" + "\n".join(lines), encoding="utf-8")
    code, output = run("import", str(file), "--yes", folder=folder)
    assert code == 0
    assert "  … and 40 more" in output
    assert "Writing" in output
    assert len(load(folder).entries) == 60


def test_a_faq_that_cannot_be_read_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- question: [\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("question,answer\nx,y\n", encoding="utf-8")
    assert run("import", str(tmp_path / "a.csv"), folder=tmp_path)[0] == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK not a book", "not an .xlsx file"),
        ("a.csv", b"\xff\xfe\xff", "unknown encoding"),
        ("b.csv", None, "cannot be opened"),
    ],
)
def test_files_that_cannot_be_read_say_so(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DocumentError, match=said):
        list(sheet.read(tmp_path / name))


def test_a_file_too_large_or_no_csv_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("问题\n" + "好" * 200_000, encoding="utf-8")
    with pytest.raises(DocumentError, match="not a CSV file"):
        list(sheet.read(file))
    with file.open("wb") as opened:
        opened.truncate(sheet.MAX_BYTES + 1)
    with pytest.raises(DocumentError, match="larger than 32 MiB"):
        list(sheet.read(file))


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    code, output = run("export", str(tmp_path / "a.xlsx"))
    assert code == 2
    assert 'pip install "frontdesk[sheets]"' in output
    assert run("export", str(tmp_path / "a.csv"))[0] == 0


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.ods"
    file.write_bytes(b"")
    assert "must end with .xlsx or .csv" in run("import", str(file))[1]
    assert "要以 .xlsx 或 .csv 结尾" in run("export", str(file), zh=True)[1]


def test_a_file_is_replaced_only_on_demand(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine", encoding="utf-8")
    code, output = run("export", str(file))
    assert code == 1
    assert "exists: say --yes" in output
    assert file.read_text(encoding="utf-8") == "mine"
    assert run("export", str(file), "--yes")[0] == 0


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        code, output = run("export", str(tmp_path / "nowhere" / name))
        assert code == 2
        assert f"{name}: cannot be written: No such file or directory." in output
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "a").write_text("no folder", encoding="utf-8")
    file = tmp_path / "a.csv"
    file.write_text("问题,答案,文件\n包邮吗,满99元,a/b.yaml\n", encoding="utf-8")
    code, output = run("import", str(file), "--yes", folder=tmp_path / "shop", zh=True)
    assert code == 2
    assert "b.yaml: 写不了这个文件：" in output


def test_a_cell_too_long_for_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    rows = [["问题"], ["好" * 40_000]]
    with pytest.raises(DocumentError, match=r"export a \.csv"):
        sheet.write(tmp_path / "a.xlsx", rows)
    sheet.write(tmp_path / "a.csv", rows)
    assert list(sheet.read(tmp_path / "a.csv")) == rows
