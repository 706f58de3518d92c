-- What the indexes are for.
comment on index blocking.change_site is 'The last change of an address.';
comment on index blocking.provider_key_provider is 'Keys of a provider.';
comment on index blocking.compliance_provider is 'Notes of a provider, the last first.';
comment on index blocking.compliance_site is 'Notes about an address.';
comment on index blocking.complaint_open is 'The same complaint while it is open.';
comment on index blocking.complaint_waiting is 'The queue.';
