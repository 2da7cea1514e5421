# What `cmake --install` puts where: the library, the entry for odbcinst.ini, documents, licence.
set(AURODBC_INSTALLED_LIBRARY ${CMAKE_INSTALL_FULL_LIBDIR}/odbc/libaurodbc.so)
configure_file(odbcinst.ini.in ${CMAKE_BINARY_DIR}/odbcinst.ini @ONLY)
install(TARGETS aurodbc LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/odbc)
install(FILES ${CMAKE_BINARY_DIR}/odbcinst.ini DESTINATION ${CMAKE_INSTALL_DATADIR}/aurodbc)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
