\connect template1
GRANT ALL ON SCHEMA public TO PUBLIC;
