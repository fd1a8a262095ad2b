"""The freeze state is derived by the database: it cannot disagree with the live holds.

Every association gets its row when it is inserted; a hold that is placed or released derives the
state anew; a state that disagrees with the holds is refused, whoever writes it. Holds are placed and
released once, nothing else. Derivation locks the state first, so that two transactions that place and
release holds of one association at the same time see each other's.
"""

from django.db import migrations

from partner_center.appendonly import AppendOnly

DERIVED = """
CREATE FUNCTION budgets_derived_state(of_association bigint, OUT state text, OUT automatic boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    SELECT CASE WHEN bool_or(strength = 'resources') THEN 'resources'
                WHEN count(*) > 0 THEN 'account'
                ELSE 'normal' END,
           COALESCE(bool_or(owner = 'budget'), false)
      INTO state, automatic
      FROM budgets_freezehold
     WHERE association_id = of_association AND released_at IS NULL;
END $$;

CREATE FUNCTION budgets_derive_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE derived record;
BEGIN
    PERFORM 1 FROM budgets_freezestate WHERE association_id = NEW.association_id FOR NO KEY UPDATE;
    SELECT * INTO derived FROM budgets_derived_state(NEW.association_id);
    UPDATE budgets_freezestate AS shown
       SET state = derived.state,
           automatically_frozen = derived.automatic,
           since = CASE WHEN shown.state = derived.state THEN shown.since
                        ELSE COALESCE(NEW.released_at, NEW.placed_at) END
     WHERE shown.association_id = NEW.association_id
       AND (shown.state, shown.automatically_frozen) IS DISTINCT FROM (derived.state, derived.automatic);
    RETURN NULL;
END $$;

CREATE TRIGGER derive_state AFTER INSERT OR UPDATE ON budgets_freezehold
    FOR EACH ROW EXECUTE FUNCTION budgets_derive_state();

CREATE FUNCTION budgets_refuse_other_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE derived record;
BEGIN
    SELECT * INTO derived FROM budgets_derived_state(NEW.association_id);
    IF (NEW.state, NEW.automatically_frozen) IS DISTINCT FROM (derived.state, derived.automatic) THEN
        RAISE EXCEPTION 'The freeze state of association % is derived from its holds: %',
            NEW.association_id, derived.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_other_state BEFORE INSERT OR UPDATE ON budgets_freezestate
    FOR EACH ROW EXECUTE FUNCTION budgets_refuse_other_state();

CREATE FUNCTION budgets_refuse_changed_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_at IS NOT NULL OR NEW.released_at IS NULL
       OR to_jsonb(NEW) - ARRAY['released_at', 'released_by_id']
          IS DISTINCT FROM to_jsonb(OLD) - ARRAY['released_at', 'released_by_id'] THEN
        RAISE EXCEPTION 'A freeze hold is placed and released, never changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_changed_hold BEFORE UPDATE ON budgets_freezehold
    FOR EACH ROW EXECUTE FUNCTION budgets_refuse_changed_hold();

CREATE TRIGGER refuse_removal BEFORE DELETE OR TRUNCATE ON budgets_freezehold
    FOR EACH STATEMENT EXECUTE FUNCTION partner_center_refuse_change();
CREATE TRIGGER refuse_removal BEFORE DELETE OR TRUNCATE ON budgets_freezestate
    FOR EACH STATEMENT EXECUTE FUNCTION partner_center_refuse_change();

CREATE FUNCTION budgets_begin_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO budgets_freezestate (association_id, account_id, state, automatically_frozen, since)
    VALUES (NEW.id, NEW.account_id, 'normal', false, NEW.associated_at);
    RETURN NULL;
END $$;

CREATE TRIGGER budgets_begin_state AFTER INSERT ON customers_association
    FOR EACH ROW EXECUTE FUNCTION budgets_begin_state();

INSERT INTO budgets_freezestate (association_id, account_id, state, automatically_frozen, since)
SELECT id, account_id, 'normal', false, associated_at FROM customers_association;
"""

REMOVED = """
DROP TRIGGER budgets_begin_state ON customers_association;
DROP TRIGGER refuse_removal ON budgets_freezestate;
DROP TRIGGER refuse_removal ON budgets_freezehold;
DROP TRIGGER refuse_changed_hold ON budgets_freezehold;
DROP TRIGGER refuse_other_state ON budgets_freezestate;
DROP TRIGGER derive_state ON budgets_freezehold;
DROP FUNCTION budgets_begin_state, budgets_refuse_changed_hold, budgets_refuse_other_state,
    budgets_derive_state, budgets_derived_state;
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_freeze_holds")]

    operations = [
        AppendOnly("FreezeRecord"),
        migrations.RunSQL(DERIVED, REMOVED),
    ]
