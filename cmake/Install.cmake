# cmake --install: each floor installs its own schemas, data and examples; here is what belongs to the whole.
install(TARGETS spotmix RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(FILES LICENSE NOTICE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
