"""Names that more than one module uses."""

from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "ampacity"

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.DATETIME,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
]

SUBENTRY_CHARGER: Final = "charger"
SUBENTRY_CIRCUIT: Final = "circuit"
SUBENTRY_VEHICLE: Final = "vehicle"

# Site: what it is connected to (entry data)
CONF_PHASES: Final = "phases"
CONF_MAIN_FUSE: Final = "main_fuse"
CONF_VOLTAGE: Final = "voltage"
CONF_POWER_LIMIT: Final = "power_limit"
CONF_GRID_POWER: Final = "grid_power"
CONF_GRID_INVERTED: Final = "grid_inverted"
CONF_GRID_IMPORT: Final = "grid_import"
CONF_GRID_EXPORT: Final = "grid_export"
CONF_GRID_POWER_PHASES: Final = (
    "grid_power_l1",
    "grid_power_l2",
    "grid_power_l3",
)
CONF_GRID_CURRENT_PHASES: Final = (
    "grid_current_l1",
    "grid_current_l2",
    "grid_current_l3",
)
CONF_GRID_VOLTAGE_PHASES: Final = (
    "grid_voltage_l1",
    "grid_voltage_l2",
    "grid_voltage_l3",
)
CONF_SOLAR_POWER: Final = "solar_power"
CONF_BATTERY_POWER: Final = "battery_power"
CONF_BATTERY_INVERTED: Final = "battery_inverted"
CONF_BATTERY_CHARGE: Final = "battery_charge"
CONF_BATTERY_DISCHARGE: Final = "battery_discharge"
CONF_BATTERY_SOC: Final = "battery_soc"
CONF_BATTERY_CAPACITY: Final = "battery_capacity"
CONF_BATTERY_HOLD: Final = "battery_hold"
CONF_BATTERY_HOLD_INVERTED: Final = "battery_hold_inverted"
CONF_BATTERY_HOLD_OPTION: Final = "battery_hold_option"
CONF_BATTERY_RELEASE_OPTION: Final = "battery_release_option"
CONF_OFF_PEAK_WINDOWS: Final = "off_peak_windows"
CONF_OFF_PEAK_ENTITY: Final = "off_peak_entity"
CONF_DAYS: Final = "days"
CONF_START: Final = "start"
CONF_END: Final = "end"

# Site: how it is controlled (entry options)
CONF_FUSE_MARGIN: Final = "fuse_margin"
CONF_START_DELAY: Final = "start_delay"
CONF_STOP_DELAY: Final = "stop_delay"
CONF_RAISE_DELAY: Final = "raise_delay"
CONF_RESUME_DELAY: Final = "resume_delay"
CONF_BUFFER_SOC: Final = "buffer_soc"
CONF_FEEDS_CARS: Final = "feeds_cars"
CONF_IMPORT_PRICE: Final = "import_price"
CONF_FEED_IN_PRICE: Final = "feed_in_price"
CONF_PLAN_CALENDAR: Final = "plan_calendar"
CONF_IMBALANCE: Final = "imbalance_limit"
CONF_PEAK_PRESET: Final = "peak_preset"
CONF_PEAK_PRICE: Final = "peak_price"
CONF_PEAK_ACCEPTED: Final = "peak_accepted"
CONF_PEAK_WINDOW: Final = "peak_window"
CONF_PEAK_RANK: Final = "peak_rank"
CONF_PEAK_DISTINCT_DAYS: Final = "peak_distinct_days"
CONF_PEAK_FLOOR: Final = "peak_floor"
CONF_PEAK_STEPS: Final = "peak_steps"
CONF_PEAK_FROM: Final = "peak_from"
CONF_PEAK_UNTIL: Final = "peak_until"
CONF_PEAK_WEEKDAYS: Final = "peak_weekdays"
CONF_PEAK_MONTHS: Final = "peak_months"
CONF_PEAK_REDUCED_FROM: Final = "peak_reduced_from"
CONF_PEAK_REDUCED_UNTIL: Final = "peak_reduced_until"
CONF_PEAK_REDUCED_SHARE: Final = "peak_reduced_share"
CONF_UP_TO: Final = "up_to"
CONF_STEP_PRICE: Final = "price"
CONF_OPERATOR_ENTITY: Final = "operator_entity"
CONF_OPERATOR_LIMIT_ENTITY: Final = "operator_limit_entity"
CONF_OPERATOR_RULE: Final = "operator_rule"
CONF_OPERATOR_LIMIT: Final = "operator_limit"
CONF_SOLAR_FORECAST: Final = "solar_forecast"
CONF_SOLAR_CORRECTION: Final = "solar_correction"
CONF_USUAL_POWER: Final = "usual_power"
CONF_HIGH_POWER: Final = "high_power"

# Site: prices (entry options)
CONF_PRICE_KIND: Final = "price_kind"
CONF_PRICE_WINDOWS: Final = "price_windows"
CONF_PRICE_ENTITY: Final = "price_entity"
CONF_PRICE_FACTOR: Final = "price_factor"
CONF_PRICE_ADDEND: Final = "price_addend"
CONF_PRICE_SURCHARGES: Final = "price_surcharges"
CONF_HOLIDAYS_ENTITY: Final = "holidays_entity"
CONF_FEED_IN_ENTITY: Final = "feed_in_entity"
CONF_FEED_IN_FACTOR: Final = "feed_in_factor"
CONF_FEED_IN_ADDEND: Final = "feed_in_addend"
CONF_CHEAP_BELOW: Final = "cheap_below"
CONF_CHEAPEST_HOURS: Final = "cheapest_hours"
CONF_PRICE: Final = "price"
CONF_FACTOR: Final = "factor"
CONF_ADDEND: Final = "addend"
CONF_MONTHS: Final = "months"

# Circuit (subentry data, beside the keys of its own meter, which are those of the grid meter)
CONF_FUSE: Final = "fuse"
CONF_PARENT_CIRCUIT: Final = "parent_circuit"

# Vehicle (subentry data, beside the current of the charger's)
CONF_CAPACITY: Final = "capacity"
CONF_SOC_ENTITY: Final = "soc_entity"
CONF_TARGET_SOC: Final = "target_soc"
CONF_MIN_SOC: Final = "min_soc"
CONF_DEFAULT_CHARGER: Final = "default_charger"
CONF_PLUG_ENTITY: Final = "plug_entity"
CONF_LOCATION_ENTITY: Final = "location_entity"
CONF_CAR_PHASES: Final = "car_phases"
CONF_CONSUMPTION: Final = "consumption"

VEHICLE_AUTOMATIC: Final = "automatic"
"""Chosen at a charger, it lets the vehicle be found out."""

# Charger (subentry data)
CONF_PHASE_MAP: Final = "phase_map"
CONF_MIN_CURRENT: Final = "min_current"
CONF_MAX_CURRENT: Final = "max_current"
CONF_SAFE_CURRENT: Final = "safe_current"
CONF_LINK: Final = "link"
CONF_SETTLE_TIME: Final = "settle_time"
CONF_BOOST_DURATION: Final = "boost_duration"
CONF_CIRCUIT: Final = "circuit"
CONF_WEIGHT: Final = "weight"
CONF_PROFILE: Final = "profile"
CONF_DEVICE: Final = "device"
CONF_DEVICE_PARTS: Final = "device_parts"
CONF_FAILSAFE: Final = "failsafe"
CONF_WATCH_NATIVE: Final = "watch_native"

CONF_LIMIT_KIND: Final = "limit_kind"
CONF_LIMIT_ENTITY: Final = "limit_entity"
CONF_LIMIT_ACTION: Final = "limit_action"
CONF_LIMIT_ACTION_FIELD: Final = "limit_action_field"
CONF_LIMIT_ACTION_DATA: Final = "limit_action_data"
CONF_OFFERED_SENSOR: Final = "offered_sensor"

CONF_START_STOP_KIND: Final = "start_stop_kind"
CONF_SWITCH: Final = "switch"
CONF_SWITCH_INVERTED: Final = "switch_inverted"
CONF_START_BUTTON: Final = "start_button"
CONF_STOP_BUTTON: Final = "stop_button"
CONF_START_STOP_SELECT: Final = "start_stop_select"
CONF_START_OPTION: Final = "start_option"
CONF_STOP_OPTION: Final = "stop_option"
CONF_START_ACTION: Final = "start_action"
CONF_START_ACTION_DATA: Final = "start_action_data"
CONF_STOP_ACTION: Final = "stop_action"
CONF_STOP_ACTION_DATA: Final = "stop_action_data"

CONF_PHASES_KIND: Final = "phases_kind"
CONF_PHASES_ENTITY: Final = "phases_entity"
CONF_PHASES_ONE: Final = "phases_one"
CONF_PHASES_ALL: Final = "phases_all"
CONF_PHASES_INVERTED: Final = "phases_inverted"
CONF_PHASES_ACTION: Final = "phases_action"
CONF_PHASES_ACTION_FIELD: Final = "phases_action_field"
CONF_PHASES_ACTION_DATA: Final = "phases_action_data"
CONF_PHASES_SENSOR: Final = "phases_sensor"
CONF_PHASES_PAUSE: Final = "phases_pause"
CONF_PHASES_INTERVAL: Final = "phases_interval"

CONF_STATUS_KIND: Final = "status_kind"
CONF_STATUS_SENSOR: Final = "status_sensor"
CONF_STATUS_MAP: Final = "status_map"
CONF_PLUG_SENSOR: Final = "plug_sensor"
CONF_CHARGING_SENSOR: Final = "charging_sensor"

CONF_POWER_SENSOR: Final = "power_sensor"
CONF_CURRENT_SENSORS: Final = ("current_l1", "current_l2", "current_l3")
CONF_ENERGY_SENSOR: Final = "energy_sensor"
CONF_SOC_SENSOR: Final = "soc_sensor"

# Events on the bus
EVENT_SESSION_STARTED: Final = f"{DOMAIN}_session_started"
EVENT_SESSION_FINISHED: Final = f"{DOMAIN}_session_finished"
EVENT_LIMIT_ACTIVE: Final = f"{DOMAIN}_limit_active"
EVENT_PLAN_AT_RISK: Final = f"{DOMAIN}_plan_at_risk"
EVENT_PLAN_MET: Final = f"{DOMAIN}_plan_met"
