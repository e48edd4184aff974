"""Who can write a report: one line per writer. Listing them imports none of their libraries."""

from __future__ import annotations

from saliscribe.registry import Entry, Registry

_SERVERS = "saliscribe.reporting.providers.servers"

#: Each target is ``open(argument) -> Chat``, and ``argument`` is what follows ":" in the name. The template
#: needs no conversation: its target is ``write(findings, style) -> Report``.
PROVIDERS = Registry(
    "writer",
    {
        "template": Entry(
            "saliscribe.reporting.providers.template:write",
            "The built-in grammar: deterministic, offline, readable back.",
        ),
        "scripted": Entry(
            "saliscribe.reporting.providers.scripted:open_file",
            "Fixed text from a file, judged like any other writer's.",
        ),
        "grok": Entry(f"{_SERVERS}:grok", "Grok by xAI; key in XAI_API_KEY.", ("openai",), "llm"),
        "mistral": Entry(f"{_SERVERS}:mistral", "Mistral; key in MISTRAL_API_KEY.", ("openai",), "llm"),
        "llama": Entry(
            f"{_SERVERS}:llama", "LLaMA, by default from Ollama on this machine.", ("openai",), "llm"
        ),
        "openai": Entry(
            f"{_SERVERS}:openai_compatible",
            "openai:URL#MODEL, any server that speaks the OpenAI protocol.",
            ("openai",),
            "llm",
        ),
        "local": Entry(
            "saliscribe.reporting.providers.local:local",
            "SmolLM2-135M, or local:PATH.gguf, in this process by llama.cpp.",
            ("llama_cpp",),
            "local-llm",
        ),
    },
)
