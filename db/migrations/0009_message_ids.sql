-- Delivery events may name a message by the vendor's id alone.
create index messages_by_provider_id on messages (tenant_id, provider_message_id) where provider_message_id is not null;
