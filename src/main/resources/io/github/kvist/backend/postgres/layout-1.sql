-- Layout 1 of a Kvist store: entries, the commits that made them, and what each commit changed.
-- ${schema} stands for the quoted name of the schema, ${name} for the same as a text literal.

create table ${schema}.kvist_meta (
    one boolean primary key default true check (one),
    layout integer not null
);

create table ${schema}.kvist_keyspaces (
    id integer generated always as identity primary key,
    name text not null unique
);

-- One number for each process that opens the store; the upper half of its versions and transaction ids.
create sequence ${schema}.kvist_clients as integer;

-- Deadlines are milliseconds since the epoch; the largest number stands for none.
create table ${schema}.kvist_entries (
    keyspace integer not null,
    key bytea not null,
    value bytea not null,
    version bigint not null,
    deadline bigint not null,
    primary key (keyspace, key)
) with (fillfactor = 90);

create index kvist_entries_due on ${schema}.kvist_entries (deadline) where deadline < 9223372036854775807;

-- The newest row is the present of the store: its revision, and an instant before which no view may judge.
create table ${schema}.kvist_commits (
    revision bigint primary key,
    at bigint not null,
    id bigint not null unique,
    voided boolean not null default false
);

create table ${schema}.kvist_changes (
    revision bigint not null,
    n integer not null,
    keyspace integer not null,
    key bytea not null,
    before bytea,
    before_version bigint,
    before_deadline bigint,
    after bytea,
    after_version bigint,
    after_deadline bigint,
    expired boolean not null,
    primary key (revision, n)
);

insert into ${schema}.kvist_commits (revision, at, id) values (0, 0, 0);
insert into ${schema}.kvist_meta (layout) values (1);

create function ${schema}.kvist_keyspace(p_name text) returns integer
language plpgsql as $$
declare
    v_id integer;
begin
    insert into ${schema}.kvist_keyspaces (name) values (p_name) on conflict (name) do nothing;
    select k.id into v_id from ${schema}.kvist_keyspaces k where k.name = p_name;
    return v_id;
end
$$;

-- By what views and commits judge deadlines: the caller's instant, or the server's clock too, but never before the newest commit.
create function ${schema}.kvist_instant(p_instant bigint, p_by_server boolean, p_newest bigint) returns bigint
language sql volatile as $$
    select greatest(p_instant, p_newest,
        case when p_by_server then floor(extract(epoch from clock_timestamp()) * 1000)::bigint end)
$$;

-- Taken first by whatever writes. It is let go when the commit is visible, so that commits become visible one after the other.
create function ${schema}.kvist_lock() returns void
language plpgsql as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'a Kvist store is written at READ COMMITTED only' using errcode = '25001';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(${name}, 0));
end
$$;

-- Commits several transactions that have nothing to do with one another, each decided by itself. An id of 0 writes nothing.
-- results: the revision, 0 for the newest, or -1 condition refused, -2 conflict, -3 history trimmed, -4 voided.
-- Kinds of operations: 0 delete, 1 put, 2 touch; one at most for each key.
create function ${schema}.kvist_commit(
    p_instant bigint, p_by_server boolean, p_sync boolean, p_resent boolean, p_keep bigint, p_keep_millis bigint,
    p_ids bigint[],
    c_commit integer[], c_keyspace integer[], c_key bytea[], c_version bigint[],
    u_commit integer[], u_keyspace integer[], u_from bytea[], u_to bytea[], u_since bigint[], u_instant bigint[],
    o_commit integer[], o_kind integer[], o_keyspace integer[], o_key bytea[], o_value bytea[], o_version bigint[],
    o_deadline bigint[],
    out results bigint[], out newest bigint, out instant bigint)
language plpgsql as $$
declare
    v_last bigint;
    v_at bigint;
    v_oldest bigint;
    v_next bigint;
    v_i integer;
    v_result bigint;
    v_before bytea;
    v_before_version bigint;
    v_before_deadline bigint;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'a Kvist store is written at READ COMMITTED only' using errcode = '25001';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(${name}, 0));
    if not p_sync then
        perform set_config('synchronous_commit', 'off', true);
    elsif current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;
    select c.revision, c.at into v_last, v_at from ${schema}.kvist_commits c order by c.revision desc limit 1;
    instant := greatest(p_instant, v_at,
        case when p_by_server then floor(extract(epoch from clock_timestamp()) * 1000)::bigint end);

    -- One put that depends on nothing, the most frequent of all, by the simplest statements.
    if cardinality(p_ids) = 1 and cardinality(o_commit) = 1 and o_kind[1] = 1 and o_deadline[1] > instant
        and not p_resent and cardinality(u_commit) = 0 and cardinality(c_commit) = 0
    then
        newest := v_last + 1;
        results := array[newest];
        select e.value, e.version, e.deadline into v_before, v_before_version, v_before_deadline
        from ${schema}.kvist_entries e
        where e.keyspace = o_keyspace[1] and e.key = o_key[1] and e.deadline > instant;
        insert into ${schema}.kvist_entries (keyspace, key, value, version, deadline)
        values (o_keyspace[1], o_key[1], o_value[1], o_version[1], o_deadline[1])
        on conflict (keyspace, key) do update
            set value = excluded.value, version = excluded.version, deadline = excluded.deadline;
        insert into ${schema}.kvist_changes
        values (newest, 1, o_keyspace[1], o_key[1], v_before, v_before_version, v_before_deadline,
            o_value[1], o_version[1], o_deadline[1], false);
        insert into ${schema}.kvist_commits (revision, at, id) values (newest, instant, p_ids[1]);
        perform pg_notify('kvist_' || md5(${name}), newest::text);
        if newest % 256 = 0 then
            perform ${schema}.kvist_trim(newest, instant, p_keep, p_keep_millis);
        end if;
        return;
    end if;

    results := array_fill(0::bigint, array[cardinality(p_ids)]);

    if p_resent then
        for v_i, v_result in
            select p.i, case when c.voided then -4 else c.revision end
            from unnest(p_ids) with ordinality p(id, i) join ${schema}.kvist_commits c on c.id = p.id
            where p.id <> 0
        loop
            results[v_i] := v_result;
        end loop;
    end if;

    if cardinality(u_commit) > 0 then
        select c.revision into v_oldest from ${schema}.kvist_commits c order by c.revision limit 1;
        for v_i, v_result in
            select u.i, min(case when u.since < v_oldest - 1 then -3 else -2 end)
            from unnest(u_commit, u_keyspace, u_from, u_to, u_since, u_instant) u(i, keyspace, low, high, since, judged)
            where u.since < v_last and results[u.i] = 0 and (u.since < v_oldest - 1 or exists (
                select from ${schema}.kvist_changes c
                where c.revision > u.since and c.keyspace = u.keyspace
                    and c.key >= u.low and (u.high is null or c.key < u.high)
                    and not (c.expired and c.before_deadline <= u.judged)))
            group by u.i
        loop
            results[v_i] := v_result;
        end loop;
    end if;

    if cardinality(c_commit) > 0 then
        for v_i in
            select c.i
            from unnest(c_commit, c_keyspace, c_key, c_version) c(i, keyspace, key, version)
            left join ${schema}.kvist_entries e
                on e.keyspace = c.keyspace and e.key = c.key and e.deadline > instant
            where results[c.i] = 0 and coalesce(e.version, -1) <> c.version
        loop
            results[v_i] := -1;
        end loop;
    end if;

    v_next := v_last;
    for v_i in 1 .. cardinality(p_ids) loop
        if results[v_i] = 0 and p_ids[v_i] <> 0 then
            v_next := v_next + 1;
            results[v_i] := v_next;
        end if;
    end loop;
    newest := v_next;
    if v_next = v_last then
        return;
    end if;

    with op as materialized (
        select o.n, results[o.i] as revision, o.kind, o.keyspace, o.key,
            e.value as before, e.version as before_version, e.deadline as before_deadline,
            case o.kind when 1 then o.value else e.value end as after,
            case o.kind when 1 then o.version else e.version end as after_version,
            o.deadline as after_deadline,
            (o.kind = 1 or (o.kind = 2 and e.version is not null)) and o.deadline > instant as stays
        from unnest(o_commit, o_kind, o_keyspace, o_key, o_value, o_version, o_deadline)
            with ordinality o(i, kind, keyspace, key, value, version, deadline, n)
        left join ${schema}.kvist_entries e on e.keyspace = o.keyspace and e.key = o.key and e.deadline > instant
        where results[o.i] > v_last
    ), stored as (
        insert into ${schema}.kvist_entries (keyspace, key, value, version, deadline)
        select op.keyspace, op.key, op.after, op.after_version, op.after_deadline from op where op.stays
        on conflict (keyspace, key) do update
            set value = excluded.value, version = excluded.version, deadline = excluded.deadline
    ), removed as (
        delete from ${schema}.kvist_entries e using op
        where not op.stays and op.before_version is not null and (op.kind <> 2 or op.after_deadline <= instant)
            and e.keyspace = op.keyspace and e.key = op.key
    )
    insert into ${schema}.kvist_changes
    select op.revision, op.n, op.keyspace, op.key, op.before, op.before_version, op.before_deadline,
        case when op.stays then op.after end, case when op.stays then op.after_version end,
        case when op.stays then op.after_deadline end, false
    from op where op.stays or op.before_version is not null;

    insert into ${schema}.kvist_commits (revision, at, id)
    select results[p.i], instant, p.id from unnest(p_ids) with ordinality p(id, i) where results[p.i] > v_last;
    perform pg_notify('kvist_' || md5(${name}), v_next::text);

    if v_next / 256 > v_last / 256 then
        perform ${schema}.kvist_trim(v_next, instant, p_keep, p_keep_millis);
    end if;
end
$$;

-- Forgets a part of the commits that nobody asked to keep.
create function ${schema}.kvist_trim(p_newest bigint, p_instant bigint, p_keep bigint, p_keep_millis bigint) returns void
language plpgsql as $$
declare
    v_oldest bigint;
    v_upto bigint;
begin
    select c.revision into v_oldest from ${schema}.kvist_commits c order by c.revision limit 1;
    v_upto := least(p_newest - greatest(p_keep, 1), v_oldest + 2048);
    select coalesce(max(c.revision), -1) into v_upto from ${schema}.kvist_commits c
    where c.revision between v_oldest and v_upto and c.at < p_instant - p_keep_millis;
    delete from ${schema}.kvist_changes c where c.revision <= v_upto;
    delete from ${schema}.kvist_commits c where c.revision <= v_upto;
end
$$;

-- Removes what is due, in one commit, if anything is.
create function ${schema}.kvist_sweep(
    p_instant bigint, p_by_server boolean, p_sync boolean, p_id bigint,
    out keyspaces integer[], out removed bigint[], out earliest bigint, out newest bigint, out instant bigint)
language plpgsql as $$
declare
    v_at bigint;
begin
    select c.revision, c.at into newest, v_at from ${schema}.kvist_commits c order by c.revision desc limit 1;
    instant := ${schema}.kvist_instant(p_instant, p_by_server, v_at);
    select e.deadline into earliest from ${schema}.kvist_entries e
    where e.deadline < 9223372036854775807 order by e.deadline limit 1;
    if earliest is null or earliest > instant then
        return;
    end if;

    perform ${schema}.kvist_lock();
    if not p_sync then
        perform set_config('synchronous_commit', 'off', true);
    end if;
    select c.revision, c.at into newest, v_at from ${schema}.kvist_commits c order by c.revision desc limit 1;
    instant := greatest(instant, v_at);
    with due as (
        delete from ${schema}.kvist_entries e
        where e.deadline <= instant and e.deadline < 9223372036854775807
        returning e.keyspace, e.key, e.value, e.version, e.deadline
    ), told as (
        insert into ${schema}.kvist_changes
        select newest + 1, row_number() over (order by d.keyspace, d.key), d.keyspace, d.key,
            d.value, d.version, d.deadline, null, null, null, true
        from due d
        returning keyspace
    )
    select array_agg(t.keyspace), array_agg(t.number) into keyspaces, removed
    from (select told.keyspace, count(*) as number from told group by told.keyspace) t;
    if keyspaces is not null then
        newest := newest + 1;
        insert into ${schema}.kvist_commits (revision, at, id) values (newest, instant, p_id);
        perform pg_notify('kvist_' || md5(${name}), newest::text);
    end if;
    select e.deadline into earliest from ${schema}.kvist_entries e
    where e.deadline < 9223372036854775807 order by e.deadline limit 1;
end
$$;

-- What became of a commit that was sent when p_since was the newest revision: 1 committed, 0 it never will be, -1 too long ago.
create function ${schema}.kvist_outcome(p_id bigint, p_since bigint) returns integer
language plpgsql as $$
declare
    v_voided boolean;
    v_last bigint;
    v_at bigint;
begin
    perform ${schema}.kvist_lock();
    select c.voided into v_voided from ${schema}.kvist_commits c where c.id = p_id;
    if found then
        return case when v_voided then 0 else 1 end;
    end if;
    if p_since < (select min(c.revision) from ${schema}.kvist_commits c) - 1 then
        return -1;
    end if;
    select c.revision, c.at into v_last, v_at from ${schema}.kvist_commits c order by c.revision desc limit 1;
    insert into ${schema}.kvist_commits (revision, at, id, voided) values (v_last + 1, v_at, p_id, true);
    return 0;
end
$$;
