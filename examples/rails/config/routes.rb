Rails.application.routes.draw do
  get "/ready", to: ->(_env) { [200, { "content-type" => "text/plain" }, ["ready\n"]] }
  resource :session, only: [:new, :create]
  resources :reports, only: [:create, :show]
end
