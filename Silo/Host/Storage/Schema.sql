-- Tables and queries of OrleansEdge's silos, version 1. Run as one transaction under an advisory lock; running it again
-- changes nothing. Orleans' ADO.NET providers read their statements from OrleansQuery; names of parameters and of result
-- columns are theirs, everything else is ours.

CREATE TABLE IF NOT EXISTS schema_version
(
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version integer NOT NULL,
    readable_from integer NOT NULL
);

CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL
);

CREATE TABLE IF NOT EXISTS cluster_version
(
    cluster text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS cluster_member
(
    cluster text NOT NULL REFERENCES cluster_version ON DELETE CASCADE,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer NOT NULL,
    suspect_times text,
    started_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

-- One row of grain state. An absent key extension is the empty string, so that the primary key covers it.
CREATE TABLE IF NOT EXISTS grain_state
(
    service text NOT NULL,
    grain_type text NOT NULL,
    key_low bigint NOT NULL,
    key_high bigint NOT NULL,
    key_text text NOT NULL,
    version integer NOT NULL,
    state bytea,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, grain_type, key_low, key_high, key_text)
);

-- Large state in chunks of bounded size; all chunks of a record carry the version of its head.
CREATE TABLE IF NOT EXISTS large_state
(
    service text NOT NULL,
    grain_type text NOT NULL,
    key_text text NOT NULL,
    version bigint NOT NULL,
    bytes bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, grain_type, key_text)
);

CREATE TABLE IF NOT EXISTS large_state_chunk
(
    service text NOT NULL,
    grain_type text NOT NULL,
    key_text text NOT NULL,
    chunk integer NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (service, grain_type, key_text, chunk),
    FOREIGN KEY (service, grain_type, key_text) REFERENCES large_state ON DELETE CASCADE
);
-- Parameters hardly compress: do not spend time on trying.
ALTER TABLE large_state_chunk ALTER COLUMN state SET STORAGE EXTERNAL;

CREATE TABLE IF NOT EXISTS reminder
(
    service text NOT NULL,
    grain text NOT NULL,
    name text NOT NULL,
    starts_at timestamptz NOT NULL,
    period_ms bigint NOT NULL,
    grain_hash integer NOT NULL,
    version integer NOT NULL DEFAULT 0,
    PRIMARY KEY (service, grain, name)
);
CREATE INDEX IF NOT EXISTS reminder_by_hash ON reminder (service, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Clustering. The version row orders all changes of a cluster's membership: a change names the version that it saw and fails
-- when that is no longer the latest.
('InsertMembershipVersionKey', $q$
WITH created AS (
    INSERT INTO cluster_version (cluster) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*)::integer FROM created
$q$),
('InsertMembershipKey', $q$
WITH advanced AS (
    UPDATE cluster_version SET version = version + 1, changed_at = now()
    WHERE cluster = @DeploymentId AND version = @Version
      AND NOT EXISTS (
        SELECT 1 FROM cluster_member
        WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING cluster),
added AS (
    INSERT INTO cluster_member (cluster, address, port, generation, silo_name, host_name, status, proxy_port, started_at,
        alive_at)
    SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM advanced
    RETURNING 1)
SELECT count(*)::integer FROM added
$q$),
('UpdateMembershipKey', $q$
WITH advanced AS (
    UPDATE cluster_version SET version = version + 1, changed_at = now()
    WHERE cluster = @DeploymentId AND version = @Version
      AND EXISTS (
        SELECT 1 FROM cluster_member
        WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING cluster),
changed AS (
    UPDATE cluster_member AS member
    SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
    FROM advanced
    WHERE member.cluster = advanced.cluster
      AND member.address = @Address AND member.port = @Port AND member.generation = @Generation
    RETURNING 1)
SELECT count(*)::integer FROM changed
$q$),
('UpdateIAmAlivetimeKey', $q$
UPDATE cluster_member SET alive_at = @IAmAliveTime
WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),
('MembershipReadRowKey', $q$
SELECT v.cluster AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation,
    m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort,
    m.suspect_times AS SuspectTimes, m.started_at AS StartTime, m.alive_at AS IAmAliveTime, v.version AS Version
FROM cluster_version AS v
LEFT JOIN cluster_member AS m
    ON m.cluster = v.cluster AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
WHERE v.cluster = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
SELECT v.cluster AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation,
    m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort,
    m.suspect_times AS SuspectTimes, m.started_at AS StartTime, m.alive_at AS IAmAliveTime, v.version AS Version
FROM cluster_version AS v
LEFT JOIN cluster_member AS m ON m.cluster = v.cluster
WHERE v.cluster = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM cluster_member
WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
DELETE FROM cluster_version WHERE cluster = @DeploymentId
$q$),
-- Status 3 is Active.
('CleanupDefunctSiloEntriesKey', $q$
DELETE FROM cluster_member WHERE cluster = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
$q$),

-- Grain state. No row in the answer to a write means that the version was not the latest.
('ReadFromStorageKey', $q$
SELECT state AS PayloadBinary, version AS Version
FROM grain_state
WHERE service = @ServiceId AND grain_type = @GrainTypeString AND key_low = @GrainIdN0 AND key_high = @GrainIdN1
  AND key_text = coalesce(@GrainIdExtensionString, '')
$q$),
('WriteToStorageKey', $q$
WITH created AS (
    INSERT INTO grain_state (service, grain_type, key_low, key_high, key_text, version, state)
    SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), 1,
        CAST(@PayloadBinary AS bytea)
    WHERE CAST(@GrainStateVersion AS integer) IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version),
replaced AS (
    UPDATE grain_state SET state = CAST(@PayloadBinary AS bytea), version = version + 1, written_at = now()
    WHERE service = @ServiceId AND grain_type = @GrainTypeString AND key_low = @GrainIdN0 AND key_high = @GrainIdN1
      AND key_text = coalesce(@GrainIdExtensionString, '') AND version = CAST(@GrainStateVersion AS integer)
    RETURNING version)
SELECT version AS NewGrainStateVersion FROM created UNION ALL SELECT version FROM replaced
$q$),
('ClearStorageKey', $q$
UPDATE grain_state SET state = NULL, version = version + 1, written_at = now()
WHERE service = @ServiceId AND grain_type = @GrainTypeString AND key_low = @GrainIdN0 AND key_high = @GrainIdN1
  AND key_text = coalesce(@GrainIdExtensionString, '') AND version = CAST(@GrainStateVersion AS integer)
RETURNING version AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
DELETE FROM grain_state
WHERE service = @ServiceId AND grain_type = @GrainTypeString AND key_low = @GrainIdN0 AND key_high = @GrainIdN1
  AND key_text = coalesce(@GrainIdExtensionString, '') AND version = CAST(@GrainStateVersion AS integer)
RETURNING version + 1 AS NewGrainStateVersion
$q$),

-- Reminders. A range of the ring is (BeginHash, EndHash]; the second form is the range that wraps around.
('UpsertReminderRowKey', $q$
INSERT INTO reminder (service, grain, name, starts_at, period_ms, grain_hash)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
ON CONFLICT (service, grain, name) DO UPDATE
SET starts_at = excluded.starts_at, period_ms = excluded.period_ms, grain_hash = excluded.grain_hash,
    version = reminder.version + 1
RETURNING version AS Version
$q$),
('ReadReminderRowsKey', $q$
SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
FROM reminder WHERE service = @ServiceId AND grain = @GrainId
$q$),
('ReadReminderRowKey', $q$
SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
FROM reminder WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName
$q$),
('ReadRangeRows1Key', $q$
SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
FROM reminder WHERE service = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$q$),
('ReadRangeRows2Key', $q$
SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
FROM reminder WHERE service = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
WITH gone AS (
    DELETE FROM reminder
    WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version
    RETURNING 1)
SELECT count(*)::integer FROM gone
$q$),
('DeleteReminderRowsKey', $q$
DELETE FROM reminder WHERE service = @ServiceId
$q$)

ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

INSERT INTO schema_version (version, readable_from) VALUES (1, 1)
ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, readable_from = excluded.readable_from;
