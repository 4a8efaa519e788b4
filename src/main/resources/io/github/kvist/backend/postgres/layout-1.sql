-- Layout 1 of a Kvist store: entries, and the commits that made them with what each of them changed.
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

-- Deadlines are milliseconds since the epoch; the largest number stands for none. Half of each page is left free, so that
-- an entry that changes stays on its page and no index has to be told. What has a fixed size comes first, where it is found at once.
create table ${schema}.kvist_entries (
    version bigint not null,
    deadline bigint not null,
    keyspace integer not null,
    key bytea not null,
    value bytea not null,
    primary key (keyspace, key)
) with (fillfactor = 50);

create index kvist_entries_due on ${schema}.kvist_entries (deadline) where deadline < 9223372036854775807;

-- The newest row is the present of the store: its revision, and an instant before which no view may judge. The arrays are
-- what the commit changed, one place for each key; of keyspaces and of deadlines after it a single one stands for all.
-- A commit of many bytes goes on in rows with higher parts, which have no id.
create table ${schema}.kvist_commits (
    revision bigint not null,
    part bigint not null default 0,
    at bigint not null,
    id bigint unique,
    voided boolean not null default false,
    expired boolean not null default false,
    keyspaces integer[],
    keys bytea[],
    before bytea[],
    before_versions bigint[],
    before_deadlines bigint[],
    after bytea[],
    after_versions bigint[],
    after_deadlines bigint[],
    primary key (revision, part)
) with (toast_tuple_target = 8160);

-- Compressing costs more than it saves where most commits are small.
alter table ${schema}.kvist_commits
    alter keyspaces set storage external, alter keys set storage external,
    alter before set storage external, alter before_versions set storage external,
    alter before_deadlines set storage external, alter after set storage external,
    alter after_versions set storage external, alter after_deadlines set storage external;

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

-- Stands for a value before that had better not be gathered with many others.
create function ${schema}.kvist_too_large() returns bytea
language plpgsql as $$
begin
    raise exception 'large values are replaced, which kvist_commit can do' using errcode = '54000';
end
$$;

-- Commits puts into one keyspace, the keys in order, which depend on the version of one entry at most (-1: there is none).
-- result: the revision, -1 if the condition was refused, NULL if they are due already and nothing was done.
create function ${schema}.kvist_put(
    p_instant bigint, p_by_server boolean, p_sync boolean, p_keep bigint, p_keep_millis bigint, p_id bigint,
    c_keyspace integer, c_key bytea, c_version bigint,
    p_keyspace integer, p_keys bytea[], p_values bytea[], p_versions bigint[], p_deadline bigint,
    out result bigint, out instant bigint)
language plpgsql as $$
declare
    -- Takes what a void function returns: PostgreSQL evaluates an assignment without the executor, a PERFORM with it.
    v_done boolean;
    v_version bigint;
    v_keys bytea[];
    v_before bytea[];
    v_before_versions bigint[];
    v_before_deadlines bigint[];
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'a Kvist store is written at READ COMMITTED only' using errcode = '25001';
    end if;
    v_done := pg_advisory_xact_lock(hashtextextended(${name}, 0)) is null;
    if not p_sync then
        perform set_config('synchronous_commit', 'off', true);
    elsif current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;
    select p.revision + 1, p.instant, e.version into result, instant, v_version
    from (
        select c.revision, greatest(p_instant, c.at,
            case when p_by_server then floor(extract(epoch from clock_timestamp()) * 1000)::bigint end) as instant
        from ${schema}.kvist_commits c order by c.revision desc limit 1) p
    left join ${schema}.kvist_entries e on e.keyspace = c_keyspace and e.key = c_key and e.deadline > p.instant;
    if c_key is not null and coalesce(v_version, -1) <> c_version then
        result := -1;
        return;
    end if;
    if p_deadline <= instant then
        result := null;
        return;
    end if;

    if cardinality(p_keys) > 1 then
        -- Many keys are found in one walk through the index, and get their values by hashing.
        v_done := set_config('enable_hashjoin', 'on', true) is null;
        v_done := set_config('enable_nestloop', 'off', true) is null;
    end if;
    if current_setting('server_version_num')::integer < 180000 then
        select array_agg(e.key),
            array_agg(case when octet_length(e.value) > 65536 and cardinality(p_keys) > 1 then ${schema}.kvist_too_large()
                when e.deadline > instant then e.value end),
            array_agg(e.version), array_agg(e.deadline)
        into v_keys, v_before, v_before_versions, v_before_deadlines
        from ${schema}.kvist_entries e
        where e.keyspace = p_keyspace and e.key = any (p_keys);
        update ${schema}.kvist_entries e set value = o.value, version = o.version, deadline = p_deadline
        from (select unnest(p_keys) as key, unnest(p_values) as value, unnest(p_versions) as version) o
        where e.keyspace = p_keyspace and e.key = any (p_keys) and e.key = o.key;
    elsif cardinality(p_keys) = 1 then
        update ${schema}.kvist_entries e set value = p_values[1], version = p_versions[1], deadline = p_deadline
        where e.keyspace = p_keyspace and e.key = p_keys[1]
        returning p_keys, array[case when old.deadline > instant then old.value end],
            array[old.version], array[old.deadline]
        into v_keys, v_before, v_before_versions, v_before_deadlines;
    else
        with stored as (
            update ${schema}.kvist_entries e set value = o.value, version = o.version, deadline = p_deadline
            from (select unnest(p_keys) as key, unnest(p_values) as value, unnest(p_versions) as version) o
            where e.keyspace = p_keyspace and e.key = any (p_keys) and e.key = o.key
            returning e.key, case when octet_length(old.value) > 65536 then ${schema}.kvist_too_large()
                when old.deadline > instant then old.value end as value, old.version, old.deadline)
        select array_agg(s.key), array_agg(s.value), array_agg(s.version), array_agg(s.deadline)
        into v_keys, v_before, v_before_versions, v_before_deadlines
        from stored s;
    end if;
    if v_keys is null then
        insert into ${schema}.kvist_entries (keyspace, key, value, version, deadline)
        select p_keyspace, unnest(p_keys), unnest(p_values), unnest(p_versions), p_deadline;
    elsif v_keys <> p_keys then
        insert into ${schema}.kvist_entries (keyspace, key, value, version, deadline)
        select p_keyspace, o.key, o.value, o.version, p_deadline
        from unnest(p_keys, p_values, p_versions) o(key, value, version)
        left join unnest(v_keys) f(key) on f.key = o.key
        where f.key is null;
        select array_agg(f.value order by o.n), array_agg(f.version order by o.n), array_agg(f.deadline order by o.n)
        into v_before, v_before_versions, v_before_deadlines
        from unnest(p_keys) with ordinality o(key, n)
        left join unnest(v_keys, v_before, v_before_versions, v_before_deadlines) f(key, value, version, deadline)
            on f.key = o.key;
    end if;

    insert into ${schema}.kvist_commits (revision, at, id, keyspaces, keys,
        before, before_versions, before_deadlines, after, after_versions, after_deadlines)
    values (result, instant, p_id, array[p_keyspace], p_keys,
        v_before, v_before_versions, v_before_deadlines, p_values, p_versions, array[p_deadline]);
    v_done := pg_notify('kvist_' || md5(${name}), result::text) is null;
    if result % 256 = 0 then
        perform ${schema}.kvist_trim(result, instant, p_keep, p_keep_millis);
    end if;
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
            with changed as materialized (
                select m.revision, coalesce(x.keyspace, m.keyspaces[1]) as keyspace, x.key, x.deadline
                from ${schema}.kvist_commits m
                cross join lateral (
                    select unnest(m.keyspaces) as keyspace, unnest(m.keys) as key,
                        unnest(case when m.expired then m.before_deadlines end) as deadline) x
                where m.revision > (select min(s) from unnest(u_since) s))
            select u.i, min(case when u.since < v_oldest - 1 then -3 else -2 end)
            from unnest(u_commit, u_keyspace, u_from, u_to, u_since, u_instant) u(i, keyspace, low, high, since, judged)
            where u.since < v_last and results[u.i] = 0 and (u.since < v_oldest - 1 or exists (
                select from changed c
                where c.revision > u.since and c.keyspace = u.keyspace
                    and c.key >= u.low and (u.high is null or c.key < u.high)
                    and not coalesce(c.deadline <= u.judged, false)))
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
        select o.i, o.n, o.keyspace, o.key, e.ctid as place,
            case when e.deadline > instant then e.value end as before,
            case when e.deadline > instant then e.version end as before_version,
            case when e.deadline > instant then e.deadline end as before_deadline,
            case o.kind when 1 then o.value else e.value end as after,
            case o.kind when 1 then o.version else e.version end as after_version,
            o.deadline as after_deadline,
            (o.kind = 1 or (o.kind = 2 and coalesce(e.deadline > instant, false))) and o.deadline > instant as stays
        from unnest(o_commit, o_kind, o_keyspace, o_key, o_value, o_version, o_deadline)
            with ordinality o(i, kind, keyspace, key, value, version, deadline, n)
        left join ${schema}.kvist_entries e on e.keyspace = o.keyspace and e.key = o.key
        where results[o.i] > v_last
    ), changed as (
        update ${schema}.kvist_entries e
        set value = op.after, version = op.after_version, deadline = op.after_deadline
        from op where op.stays and e.ctid = op.place
    ), added as (
        insert into ${schema}.kvist_entries (keyspace, key, value, version, deadline)
        select op.keyspace, op.key, op.after, op.after_version, op.after_deadline
        from op where op.stays and op.place is null
    ), removed as (
        delete from ${schema}.kvist_entries e using op
        where not op.stays and op.before_version is not null and e.ctid = op.place
    ), sized as (
        select op.*, coalesce(sum(coalesce(octet_length(op.before), 0) + coalesce(octet_length(op.after), 0)) over (
            partition by op.i order by op.n rows between unbounded preceding and 1 preceding), 0)::bigint >> 24 as part
        from op where op.stays or op.before_version is not null
    ), told as (
        select s.i, s.part, array_agg(s.keyspace) as keyspaces, array_agg(s.key) as keys,
            array_agg(s.before) as before, array_agg(s.before_version) as before_versions,
            array_agg(s.before_deadline) as before_deadlines,
            array_agg(case when s.stays then s.after end) as after,
            array_agg(case when s.stays then s.after_version end) as after_versions,
            array_agg(case when s.stays then s.after_deadline end) as after_deadlines
        from sized s group by s.i, s.part
    )
    insert into ${schema}.kvist_commits (revision, part, at, id, keyspaces, keys,
        before, before_versions, before_deadlines, after, after_versions, after_deadlines)
    select results[t.i], t.part, instant, case t.part when 0 then p_ids[t.i] end, t.keyspaces, t.keys,
        t.before, t.before_versions, t.before_deadlines, t.after, t.after_versions, t.after_deadlines
    from told t
    union all
    select results[p.i], 0, instant, p.id, null, null, null, null, null, null, null, null
    from unnest(p_ids) with ordinality p(id, i)
    where results[p.i] > v_last and p.i not in (select t.i from told t);
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
    ), sized as (
        select due.*, coalesce(sum(octet_length(due.value)) over (
            order by due.keyspace, due.key rows between unbounded preceding and 1 preceding), 0) >> 24 as part
        from due
    ), told as (
        insert into ${schema}.kvist_commits (revision, part, at, id, expired, keyspaces, keys,
            before, before_versions, before_deadlines)
        select newest + 1, s.part, instant, case s.part when 0 then p_id end, true,
            array_agg(s.keyspace), array_agg(s.key), array_agg(s.value), array_agg(s.version), array_agg(s.deadline)
        from sized s group by s.part
    )
    select array_agg(t.keyspace), array_agg(t.number) into keyspaces, removed
    from (select due.keyspace, count(*) as number from due group by due.keyspace) t;
    if keyspaces is not null then
        newest := newest + 1;
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
