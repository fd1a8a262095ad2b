"""The database refuses changes of records and seals, and queues every new record for sealing."""

from django.db import migrations

from partner_center.appendonly import AppendOnly

QUEUE = """
CREATE FUNCTION audit_queue_for_sealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_pendingseal (record_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_for_sealing AFTER INSERT ON audit_operationrecord
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION audit_queue_for_sealing();
"""
UNQUEUE = """
DROP TRIGGER queue_for_sealing ON audit_operationrecord;
DROP FUNCTION audit_queue_for_sealing();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(QUEUE, UNQUEUE),
        AppendOnly("OperationRecord"),
        AppendOnly("Seal"),
    ]
