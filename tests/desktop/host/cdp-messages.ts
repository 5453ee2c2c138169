/** The part of the DevTools protocol that the stand-in speaks. */
type Nothing = Record<string, never>

export type Header = { name: string; value: string }

export type PausedRequest = {
  requestId: string
  redirectedRequestId?: string
  frameId: string
  resourceType: string
  request: { url: string; method: string; headers: Record<string, string>; postData?: string }
}

export type Commands = {
  'Browser.close': { params: Nothing; result: Nothing }
  'Browser.setDownloadBehavior': { params: { behavior: 'deny'; eventsEnabled: boolean }; result: Nothing }
  'Browser.setPermission': {
    params: { permission: { name: string }; setting: 'granted' | 'denied'; origin: string }
    result: Nothing
  }
  'Fetch.continueRequest': { params: { requestId: string }; result: Nothing }
  'Fetch.enable': { params: { patterns: { urlPattern: string; resourceType?: string }[] }; result: Nothing }
  'Fetch.failRequest': { params: { requestId: string; errorReason: 'Aborted' | 'Failed' }; result: Nothing }
  'Fetch.fulfillRequest': {
    params: { requestId: string; responseCode: number; responseHeaders: Header[]; body: string }
    result: Nothing
  }
  'Page.addScriptToEvaluateOnNewDocument': { params: { source: string; worldName?: string }; result: Nothing }
  'Page.enable': { params: Nothing; result: Nothing }
  'Page.getFrameTree': { params: Nothing; result: { frameTree: { frame: { id: string } } } }
  'Page.navigate': { params: { url: string }; result: { errorText?: string } }
  'Page.reload': { params: Nothing; result: Nothing }
  'Runtime.addBinding': { params: { name: string; executionContextName: string }; result: Nothing }
  'Runtime.enable': { params: Nothing; result: Nothing }
  'Runtime.evaluate': {
    params: { expression: string; contextId: number }
    result: { exceptionDetails?: { text: string } }
  }
  'Target.attachToTarget': { params: { targetId: string; flatten: true }; result: { sessionId: string } }
  'Target.closeTarget': { params: { targetId: string }; result: Nothing }
  'Target.createTarget': {
    params: { url: string; width: number; height: number; newWindow: boolean }
    result: { targetId: string }
  }
  'Target.setDiscoverTargets': { params: { discover: boolean }; result: Nothing }
}

export type Events = {
  'Browser.downloadWillBegin': { url: string; suggestedFilename: string }
  'Fetch.requestPaused': PausedRequest
  'Inspector.targetCrashed': Nothing
  'Page.domContentEventFired': Nothing
  'Page.frameNavigated': { frame: { id: string; parentId?: string; url: string } }
  'Page.loadEventFired': Nothing
  'Runtime.bindingCalled': { name: string; payload: string }
  'Runtime.executionContextCreated': {
    context: { id: number; name: string; auxData?: { frameId?: string } }
  }
  'Target.targetDestroyed': { targetId: string }
}
