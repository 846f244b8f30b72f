-- What is in the audit stays there.

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN RAISE EXCEPTION ''the audit is append-only''; END';

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
