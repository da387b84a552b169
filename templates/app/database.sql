-- Read by psql with the variables name, password and connections. The role owns its database: from PostgreSQL 15 on, a GRANT
-- on the database is not enough to create tables in its schema.
SELECT format('CREATE ROLE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT :connections PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
-- What the role may do to its own database, put right: it could keep itself out.
ALTER DATABASE :"name" WITH ALLOW_CONNECTIONS true CONNECTION LIMIT -1 IS_TEMPLATE false;
GRANT ALL ON DATABASE :"name" TO :"name";
