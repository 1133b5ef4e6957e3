-- Roles and grants of a Yushi database. Run as a superuser, connected to that database, before the first
-- `yushi migrate` and again after every upgrade: running it twice changes nothing.
--
--   psql --set ON_ERROR_STOP=1 --dbname yushi --file roles.sql
--
--   yushi_owner    owns the tables; used by `yushi migrate` alone
--   yushi_service  used by `yushi serve`: rows only, no DDL, the rows of the one bank that a statement names
--   yushi_worker   used by `yushi work`, and by `yushi serve` for what concerns every bank (database_across_url): rows only, no
--                  DDL; it alone may name all banks at once
--   yushi_read     used by reports and `yushi verify`: reads only, of one bank or of all
--
-- Passwords are not set here: ALTER ROLE ... PASSWORD, or certificates in pg_hba.conf.

BEGIN;

DO $roles$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['yushi_owner', 'yushi_service', 'yushi_worker', 'yushi_read'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I', role_name);
    END IF;
    EXECUTE format(
      'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role_name);
  END LOOP;

  -- The database and its schema are for these roles alone.
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format(
    'GRANT CONNECT ON DATABASE %I TO yushi_owner, yushi_service, yushi_worker, yushi_read', current_database());
END
$roles$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO yushi_owner;
REVOKE CREATE ON SCHEMA public FROM yushi_service, yushi_worker, yushi_read;
GRANT USAGE ON SCHEMA public TO yushi_service, yushi_worker, yushi_read;

-- A statement or a lock that hangs ends before a person gives up; migrations may take longer.
ALTER ROLE yushi_service SET statement_timeout = '30s';
ALTER ROLE yushi_service SET lock_timeout = '5s';
ALTER ROLE yushi_service SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE yushi_worker SET statement_timeout = '30s';
ALTER ROLE yushi_worker SET lock_timeout = '5s';
ALTER ROLE yushi_worker SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE yushi_owner SET lock_timeout = '10s';
ALTER ROLE yushi_read SET default_transaction_read_only = on;

-- Tables that exist.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO yushi_service, yushi_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO yushi_service, yushi_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO yushi_read;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO yushi_read;

-- Tables and functions that a later migration makes.
ALTER DEFAULT PRIVILEGES FOR ROLE yushi_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO yushi_service, yushi_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE yushi_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO yushi_service, yushi_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE yushi_owner IN SCHEMA public
  GRANT SELECT ON TABLES TO yushi_read;
ALTER DEFAULT PRIVILEGES FOR ROLE yushi_owner IN SCHEMA public
  GRANT SELECT ON SEQUENCES TO yushi_read;
ALTER DEFAULT PRIVILEGES FOR ROLE yushi_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE yushi_owner IN SCHEMA public
  GRANT EXECUTE ON FUNCTIONS TO yushi_service, yushi_worker;

-- What was recorded stays: the service adds to these tables and changes nothing in them.
-- Nobody but the owner writes the list of migrations.
DO $append_only$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['entry', 'audit', 'checkpoint', 'checkpoint_key', 'review_memo'] LOOP
    IF to_regclass(format('public.%I', table_name)) IS NOT NULL THEN
      EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON public.%I FROM yushi_service, yushi_worker', table_name);
    END IF;
  END LOOP;
  -- Accounts are suspended, never removed: the record names their subjects.
  FOREACH table_name IN ARRAY ARRAY['account', 'account_change'] LOOP
    IF to_regclass(format('public.%I', table_name)) IS NOT NULL THEN
      EXECUTE format('REVOKE DELETE, TRUNCATE ON public.%I FROM yushi_service', table_name);
    END IF;
  END LOOP;
  -- To destroy a data key is to erase its case: that is the worker's and the owner's, when two people have released it.
  IF to_regclass('public.case_key') IS NOT NULL THEN
    REVOKE DELETE, TRUNCATE ON public.case_key FROM yushi_service;
  END IF;
  IF to_regclass('public.seaql_migrations') IS NOT NULL THEN
    REVOKE INSERT, UPDATE, DELETE ON public.seaql_migrations FROM yushi_service, yushi_worker;
  END IF;
END
$append_only$;

-- Who may name all banks at once. A database that was migrated before its roles were made let everybody.
DO $across$
DECLARE
  table_name text;
BEGIN
  FOR table_name IN
    SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE p.polname = 'across' AND c.relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('ALTER POLICY across ON public.%I TO yushi_owner, yushi_worker, yushi_read', table_name);
  END LOOP;
END
$across$;

COMMIT;
