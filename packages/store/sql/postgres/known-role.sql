-- The role $1, if it is there: may whoever asks change it?
SELECT pg_has_role(known.oid, 'MEMBER WITH ADMIN OPTION') AND (asking.rolsuper OR asking.rolcreaterole) AS changeable
FROM pg_roles AS known, pg_roles AS asking
WHERE known.rolname = $1 AND asking.rolname = current_user
