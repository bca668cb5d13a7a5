"""The pages that belong to nobody: what MiniChat is, what it costs, and what it promises."""
