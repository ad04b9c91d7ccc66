"""The language of a text, by script and small words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.features import count_features

TEXTS = {
    "I cannot load the model on my machine, it fails with an error.": "en",
    "No puedo cargar el modelo en mi máquina, pero en la otra sí.": "es",
    "Je ne peux pas charger le modèle sur ma machine, mais ça marche ailleurs.": "fr",
    "Ich kann das Modell nicht laden, es kommt immer ein Fehler.": "de",
    "Não consigo carregar o modelo na minha máquina, mas em outra sim.": "pt",
    "Non riesco a caricare il modello, ma questa volta è diverso.": "it",
    "Ik kan het model niet laden, maar op een andere machine wel.": "nl",
    "Nie mogę załadować modelu, ale na innym komputerze jest dobrze.": "pl",
    "Modeli yüklemek mümkün değil ama bu çok önemli ve ne yapmalı.": "tr",
    "Saya tidak bisa memuat model ini, apa yang salah dengan itu?": "id",
    "Tôi không thể tải mô hình này và đây là lỗi của tôi.": "vi",
    "模型加载失败，请问怎么解决？": "zh",
    "用 vLLM 部署 Qwen2.5 的时候报错了，请问怎么解决": "zh",
    "モデルを読み込めません。どうすればいいですか": "ja",
    "모델을 불러올 수 없습니다": "ko",
    "Не могу загрузить модель на сервере": "ru",
    "Не можу завантажити модель, її немає": "uk",
    "لا أستطيع تحميل النموذج": "ar",
    "نمی‌توانم مدل را بارگذاری کنم چرا": "fa",
    "לא מצליח לטעון את המודל": "he",
    "δεν μπορώ να φορτώσω το μοντέλο": "el",
    "ok": None,
    "Thanks!": None,
    "Qwen3-30B-A3B": None,
    "RTX 4090, Ubuntu, CUDA, vLLM": None,
    "": None,
}


@pytest.mark.parametrize(("text", "wanted"), TEXTS.items())
def test_the_language_is_known_or_left_open(text: str, wanted: str | None) -> None:
    """Names of products are in no language, and two words are too few."""
    assert count_features(text)["language"] == wanted


def test_only_the_author_s_prose_tells_the_language() -> None:
    """Code, addresses, quotations and the boxes of a form are mostly English, whatever their author speaks."""
    german = "Ich kann das Modell nicht laden, es kommt immer ein Fehler."
    form = "- [x] I have searched the issues and it is not there\n- [ ] The bug is in the latest version\n\n"
    english = (
        "```\nthe model is not there and it is not to be loaded\n```\n> this is what you said and it is in English\n\n"
    )
    assert count_features(form + english + german)["language"] == "de"
    assert count_features(form)["language"] is None


@given(st.sampled_from([text for text, wanted in TEXTS.items() if wanted]), st.integers(2, 5))
def test_saying_it_again_does_not_change_the_language(text: str, times: int) -> None:
    """What counts is parts, not numbers."""
    assert count_features("\n\n".join([text] * times))["language"] == count_features(text)["language"]
