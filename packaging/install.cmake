# What `cmake --install` puts where: the library, the entry for odbcinst.ini, documents, licence.
install(TARGETS aurodbc LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/odbc)
# The entry names the library's place, and that is known at installation only: --prefix may change it.
set(AURODBC_ENTRY_DIR ${CMAKE_INSTALL_DATADIR}/aurodbc)
configure_file(packaging/install_entry.cmake.in ${CMAKE_BINARY_DIR}/install_entry.cmake @ONLY)
install(SCRIPT ${CMAKE_BINARY_DIR}/install_entry.cmake)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
