# A short swarm on each sample configuration is part of the ordinary tests; tools/suites/swarm is a longer one.
if(HASIM_TESTS AND TARGET hasim)
  foreach(name IN ITEMS basic enhanced no-recovery standby two-groups)
    add_test(NAME "swarm/${name}"
      COMMAND hasim swarm --conf ${PROJECT_SOURCE_DIR}/config/${name}.conf --seeds 40 --for 5m -j 1
        --out ${PROJECT_BINARY_DIR}/swarm-${name}.hasim)
    set_tests_properties("swarm/${name}" PROPERTIES LABELS swarm TIMEOUT 300)
  endforeach()
endif()
