"""What keeps a setting from being used, for the operator: the variable, what is wrong, and what to do."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import told
from bot.services.accounts import setting_faults

_KEYS = 'TOKEN_KEYS has to look like "id:key,id2:key2"; python -m bot spotify new-key prints one'
_ADDRESS = "It has to look like https://vibrato.example.org, or like http://127.0.0.1:9464 on your own machine"


@told.register
def _key_without_id(fact: setting_faults.KeyWithoutId) -> str:
    return f"TOKEN_KEYS: key {fact.number} has no id of letters and digits before a colon. {_KEYS}."


@told.register
def _key_twice(fact: setting_faults.KeyTwice) -> str:
    return f"TOKEN_KEYS: the id {fact.key_id} is there twice. Give each key an id of its own."


@told.register
def _no_keys(fact: setting_faults.NoKeys) -> str:
    return f"TOKEN_KEYS: there is no key in it. {_KEYS}."


@told.register
def _key_unreadable(fact: setting_faults.KeyUnreadable) -> str:
    return f"TOKEN_KEYS: the key {fact.key_id} is no base64. {_KEYS}."


@told.register
def _key_of_other_size(fact: setting_faults.KeyOfOtherSize) -> str:
    return f"TOKEN_KEYS: the key {fact.key_id} has {fact.size} bytes, not {fact.wanted}. {_KEYS}."


@told.register
def _address_unreadable(fact: setting_faults.AddressUnreadable) -> str:
    return f"PUBLIC_URL: {fact.written} is no address. {_ADDRESS}."


@told.register
def _address_with_more(fact: setting_faults.AddressWithMore) -> str:
    return f"PUBLIC_URL: it has to be an address and nothing more. {_ADDRESS}."


@told.register
def _address_is_localhost(fact: setting_faults.AddressIsLocalhost) -> str:
    return "PUBLIC_URL: Spotify takes no localhost. Write http://127.0.0.1:PORT instead."


@told.register
def _address_without_tls(fact: setting_faults.AddressWithoutTls) -> str:
    return f"PUBLIC_URL: Spotify sends browsers back by HTTPS alone. {_ADDRESS}."
