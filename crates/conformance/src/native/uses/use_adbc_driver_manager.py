import adbc_driver_manager


def use():
    try:
        adbc_driver_manager.AdbcDatabase(driver="absent")
    except adbc_driver_manager.Error as error:
        return [adbc_driver_manager.__version__, error.status_code.name]
