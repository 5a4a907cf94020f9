class ReportsController < ApplicationController
  def create
    report = Report.create!(owner: user, month: params.require(:month))
    ReportJob.perform_later(report)
    head :accepted, location: report
  end

  def show
    report = Report.find_by!(id: params[:id], owner: user)
    case report.state
    when "done"   then render json: report.slice(:month, :total)
    when "failed" then render json: { error: "no report" }, status: :internal_server_error
    else head :accepted
    end
  end
end
