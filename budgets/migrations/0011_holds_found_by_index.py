"""The live holds of an association are found by its index, however few holds there were before.

A session keeps the plan that it made while the table was nearly empty. That plan read all live holds,
whole or by an index that fits no better, for each hold that a check placed.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION budgets_derived_state(
    of_association bigint, OUT state text, OUT automatic boolean)
LANGUAGE plpgsql VOLATILE {setting} AS $$
BEGIN
    SELECT CASE WHEN bool_or(strength = 'resources') THEN 'resources'
                WHEN count(*) > 0 THEN 'account'
                ELSE 'normal' END,
           COALESCE(bool_or(owner = 'budget'), false)
      INTO state, automatic
      FROM budgets_freezehold
     WHERE association_id = of_association AND {live};
END $$;
"""
#: Written so that no index of live holds alone fits: the one of the association is left.
BY_INDEX = FUNCTION.format(
    setting="SET enable_seqscan = off", live="COALESCE(released_at, 'infinity') = 'infinity'"
)
BEFORE = FUNCTION.format(setting="", live="released_at IS NULL")


class Migration(migrations.Migration):
    dependencies = [("budgets", "0010_consumption_quotas")]

    operations = [migrations.RunSQL(BY_INDEX, BEFORE)]
