# Slow work: nothing here knows of HTTP.
class ReportJob < ActiveJob::Base
  rescue_from(StandardError) { |_error| arguments.first.update!(state: "failed") }

  def perform(report)
    sleep 2
    raise "no word of this is for a client" if report.month == "never"
    report.update!(state: "done", total: 1234)
  end
end
