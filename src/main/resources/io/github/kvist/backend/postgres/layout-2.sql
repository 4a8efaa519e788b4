-- Layout 2: what the views on tables are made of, so that their records can be read with SQL.

-- A document, or NULL for what jsonb does not take, such as a text with the character U+0000.
create function ${schema}.kvist_jsonb(p_value bytea) returns jsonb
language plpgsql immutable strict as $$
begin
    return convert_from(p_value, 'UTF8')::jsonb;
exception when others then
    return null;
end
$$;

-- Keys as what they were made of; NULL if they were made by another codec.
create function ${schema}.kvist_text(p_key bytea) returns text
language plpgsql immutable strict as $$
begin
    return convert_from(p_key, 'UTF8');
exception when others then
    return null;
end
$$;

create function ${schema}.kvist_int32(p_key bytea) returns integer
language sql immutable strict as $$
    select case when octet_length(p_key) = 4
        then ('x' || encode(p_key, 'hex'))::bit(32)::integer # (-2147483648) end
$$;

create function ${schema}.kvist_int64(p_key bytea) returns bigint
language sql immutable strict as $$
    select case when octet_length(p_key) = 8
        then ('x' || encode(p_key, 'hex'))::bit(64)::bigint # (-9223372036854775808) end
$$;

create function ${schema}.kvist_uuid(p_key bytea) returns uuid
language sql immutable strict as $$
    select case when octet_length(p_key) = 16 then encode(p_key, 'hex')::uuid end
$$;
