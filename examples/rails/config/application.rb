# What `rails new` writes, where the example needs it. Debian's gems are used without Bundler. STATE is a folder for the
# database and Redis.
require "rails"
require "active_record/railtie"
require "active_job/railtie"
require "action_controller/railtie"
require "action_view/railtie"
require "sidekiq"

class Shop < Rails::Application
  config.root = File.expand_path("..", __dir__)
  config.load_defaults 6.1
  config.eager_load = true
  config.consider_all_requests_local = false
  config.active_record.dump_schema_after_migration = false
  config.secret_key_base = "of the example"
  config.logger = ActiveSupport::Logger.new($stdout)
  config.log_level = :warn
  # Active Job's adapter for Sidekiq
  config.active_job.queue_adapter = :sidekiq
end
