-- What is in the audit stays there. (The trigger is made inside DO because the runner splits files
-- by SQLite's rules, which want an END in CREATE TRIGGER.)

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN RAISE EXCEPTION ''the audit is append-only''; END';

DO 'BEGIN
    CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
END';
