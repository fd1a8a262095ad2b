"""What a rebuild of one cycle needs (deductions in partitions, reserved use by charged cycle), and
where an intake comes from."""

from django.db import migrations, models

#: Deductions are partitioned as charges are, so that a rebuilt cycle takes the place of the old one.
DEDUCTIONS = """
ALTER TABLE metering_packagededuction RENAME TO metering_packagededuction_plain;
CREATE TABLE metering_packagededuction (
    LIKE metering_packagededuction_plain INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS
) PARTITION BY LIST (cycle);
DROP TABLE metering_packagededuction_plain;
ALTER TABLE metering_packagededuction ADD CONSTRAINT metering_packagededuction_pkey
    PRIMARY KEY (cycle, id);
ALTER TABLE metering_packagededuction
    ADD CONSTRAINT metering_packagededuction_quota_fk FOREIGN KEY (quota_id)
        REFERENCES resources_packagequota DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT metering_packagededuction_customer_fk FOREIGN KEY (customer_id)
        REFERENCES accounts_account DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX package_deduction_of_cust
    ON metering_packagededuction (customer_id, deducted_at DESC);
CREATE INDEX metering_packagededuction_quota_id ON metering_packagededuction (quota_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON metering_packagededuction
    FOR EACH STATEMENT EXECUTE FUNCTION partner_center_refuse_change();
"""

#: The table is made beside its parent and attached: that locks out neither readers nor writers of
#: other cycles, which CREATE TABLE ... PARTITION OF would.
PARTITIONS = """
CREATE FUNCTION metering_attach(parent text, cycle text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    partition text := parent || '_' || replace(cycle, '-', '_');
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING IDENTITY)', partition, parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', parent, partition, cycle);
    EXECUTE format(
        'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
        'FOR EACH STATEMENT EXECUTE FUNCTION partner_center_refuse_change()', partition);
END $$;

CREATE OR REPLACE FUNCTION metering_charge_partition(cycle text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    suffix text := '_' || replace(cycle, '-', '_');
BEGIN
    IF cycle !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' THEN
        RAISE EXCEPTION 'A billing cycle is written YYYY-MM, not %', cycle;
    END IF;
    IF to_regclass('metering_packagededuction' || suffix) IS NOT NULL THEN
        RETURN;
    END IF;
    -- One at a time: two intakes may meet the first record of a month at once.
    PERFORM pg_advisory_xact_lock(hashtext('metering_charge_partition'));
    IF to_regclass('metering_charge' || suffix) IS NULL THEN
        PERFORM metering_attach('metering_charge', cycle);
    END IF;
    IF to_regclass('metering_packagededuction' || suffix) IS NULL THEN
        PERFORM metering_attach('metering_packagededuction', cycle);
    END IF;
END $$;
"""

#: Roll-ups are updated again and again: room in each page keeps their indexes out of it.
ROOM = """
ALTER TABLE metering_dailyspend SET (fillfactor = 70);
ALTER TABLE metering_monthlyspend SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("metering", "0001_records_and_charges"),
        ("customers", "0006_list_indexes"),
        ("resources", "0001_cloud_resources"),
    ]

    operations = [
        migrations.RemoveConstraint("reserveduse", "reserved_use_unique"),
        migrations.AddField(
            model_name="reserveduse",
            name="cycle",
            field=models.CharField(default="", max_length=7),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="reserveduse",
            constraint=models.UniqueConstraint(
                fields=("resource", "hour", "cycle"), name="reserved_use_unique"
            ),
        ),
        # A file that came through the operator's admin, and the ID of a batch of the feed.
        migrations.AddField(
            model_name="intake",
            name="file",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="intake",
            name="batch",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.UniqueConstraint(
                fields=("source", "batch"),
                condition=~models.Q(batch=""),
                name="intake_batch_unique",
            ),
        ),
        migrations.RunSQL(DEDUCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(PARTITIONS, migrations.RunSQL.noop),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
    ]
